import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainConfig } from "../../config/train-options.js";
import { readRunJson } from "../run-record.js";

/** The options that decide on when a run ends for want of better evaluations. */
export type EarlyStopping = Pick<
  TrainConfig,
  "earlyStoppingPatience" | "earlyStoppingThreshold" | "metricForBestModel" | "greaterIsBetter"
>;

/**
 * Whether the run in a folder has ended for want of better evaluations, and is asked to go on with more patience, a lower
 * threshold, or by another metric.
 *
 * @throws {DataError} `RUN_RECORD_INVALID`
 */
export function isNewlyHopeful(outputDir: string, now: EarlyStopping): boolean {
  const path = join(outputDir, "run.json");
  if (!existsSync(path)) return false;
  const { stopped_early: isStoppedEarly, config } = readRunJson(path);
  if (!isStoppedEarly) return false;
  const { early_stopping_patience: patience, early_stopping_threshold: threshold } = config;
  const isOtherMetric =
    config["metric_for_best_model"] !== now.metricForBestModel ||
    config["greater_is_better"] !== now.greaterIsBetter;
  return (
    (now.earlyStoppingPatience ?? Number.POSITIVE_INFINITY) > Number(patience) ||
    now.earlyStoppingThreshold < Number(threshold) ||
    isOtherMetric
  );
}
