/** @file A run that is asked to go on, and has ended. */
import { join } from "node:path";
import type { TrainConfig } from "../config/train-options.js";
import { chooseDevice } from "../models/choose-device.js";
import { lastResumable } from "./checkpoints/resume-point.js";
import { compareSettings, recordedSettings, runSettings } from "./checkpoints/run-settings.js";
import type { TrainEvent, TrainResult } from "./events.js";
import { choosePrecision } from "./precision.js";
import type { PreparedRun } from "./prepare-run.js";
import { forgetPrevious } from "./run-files.js";
import { readRunJson } from "./run-record.js";

/**
 * Checks that the run which has ended in `output_dir` is the one that is asked for.
 *
 * @throws {DataError} `RESUME_CHANGED`, `RUN_RECORD_INVALID`
 */
export function requireSameRun(config: TrainConfig, run: PreparedRun): void {
  const { outputDir } = config;
  const device = chooseDevice(config.device);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const now = runSettings(config, run, { device, computeDtype });
  const settings = recordedSettings(readRunJson(join(outputDir, "run.json")));
  compareSettings(outputDir, { settings, machine: now.machine }, now, []);
}

/** Says that there is nothing to train, and removes what a run that was killed at its very end has left. */
export function endComplete({ outputDir }: TrainConfig, emit: (event: TrainEvent) => void): TrainResult {
  forgetPrevious(outputDir);
  const summary = [
    `The run in ${outputDir} is complete: there is nothing to go on with.`,
    ...waysOn(outputDir),
  ];
  emit({ type: "end", status: "completed", outputDir, summary });
  return { status: "completed", outputDir, steps: 0, metrics: {} };
}

/** What a person may change so that training goes on. */
function waysOn(outputDir: string): string[] {
  const { run_id: runId, stopped_early: isStoppedEarly } = readRunJson(join(outputDir, "run.json"));
  if (lastResumable(outputDir, runId) === null) return [];
  return [
    ...(isStoppedEarly ? ["It ended early: a higher early_stopping_patience, or none, lets it go on."] : []),
    "To train longer, raise max_steps or num_train_epochs, and allow that with resume_allow_changes.",
  ];
}
