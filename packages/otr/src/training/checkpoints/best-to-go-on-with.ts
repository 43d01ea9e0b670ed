import { dirname, join, resolve } from "node:path";
import { shortNumber } from "../../config/format-value.js";
import type { TrainConfig } from "../../config/train-options.js";
import {
  type Best,
  BestEvaluation,
  type BestOptions,
  type BestState,
  type KnownEvaluations,
} from "../best-evaluation.js";
import { readMetrics } from "../read-metrics.js";
import { checkpointsOfRun } from "./find-checkpoints.js";
import type { ResumePoint } from "./resume-point.js";

/** What a run goes on with, and sentences for the person where that is not what its checkpoint says. */
interface KnownBest {
  readonly state: KnownEvaluations;
  readonly notes: readonly string[];
}

const NOTHING: KnownEvaluations = { best: null, evaluations_without_improvement: 0 };

/**
 * The best evaluation of a run that goes on. Where another metric decides on it than before, or the other direction, it is
 * found among those that `metrics.jsonl` in `output_dir` tells of. Where the best one is to be the finished model, its
 * checkpoint must be in `output_dir`, or be the one that the run goes on from: what lies elsewhere may change or go, and is
 * never taken.
 *
 * @throws {DataError} `METRICS_INVALID`
 */
export function bestToGoOnWith(
  config: Pick<TrainConfig, "outputDir" | "loadBestModelAtEnd"> & BestOptions,
  point: ResumePoint,
): KnownBest {
  const { outputDir, loadBestModelAtEnd } = config;
  const known = isJudgedAlike(config, point.state)
    ? { state: point.state, notes: [] }
    : judgeAnew(config, point.state);
  const { best } = known.state;
  if (!loadBestModelAtEnd || best === null || best.step === point.state.step || isThere(best, config, point))
    return known;
  const note =
    `The best evaluation so far was after step ${best.step}, but ${outputDir} does not hold its checkpoint: evaluations are ` +
    "compared anew from here on.";
  return { state: NOTHING, notes: [note] };
}

/** Earlier versions kept the metric of the best alone. */
function isJudgedAlike(config: BestOptions, { judged_by: by, best }: BestState): boolean {
  if (by) return JSON.stringify(by) === JSON.stringify(new BestEvaluation(config).state.judged_by);
  return best === null || best.metric === config.metricForBestModel;
}

function judgeAnew(
  config: Pick<TrainConfig, "outputDir"> & BestOptions,
  { step: last, best: before }: ResumePoint["state"],
): KnownBest {
  const { outputDir, metricForBestModel: metric, greaterIsBetter } = config;
  if (metric === null) return { state: NOTHING, notes: [] };
  const judge = new BestEvaluation(config);
  for (const { values } of readMetrics(join(outputDir, "metrics.jsonl"))) {
    const { step, [metric]: value } = values;
    // A number that was none is null in JSON.
    if (step <= last && value !== undefined) judge.add({ [metric]: Number(value ?? Number.NaN) }, step);
  }
  const { best, state } = judge;
  if (best === null) {
    const note = `No evaluation so far has told ${metric}, which is what decides now: evaluations are compared anew from here on.`;
    return { state, notes: before === null ? [] : [note] };
  }
  const note =
    `The best evaluation is chosen anew, by ${metric} (${greaterIsBetter ? "more" : "less"} is better): so far it is that ` +
    `after step ${best.step}, with ${shortNumber(best.value)}.`;
  return { state, notes: [note] };
}

/** Whether the folder of the run holds the checkpoint of its best evaluation. */
const isThere = (
  best: Best,
  { outputDir }: Pick<TrainConfig, "outputDir">,
  { folder, state }: ResumePoint,
): boolean =>
  resolve(dirname(folder)) === resolve(outputDir) &&
  checkpointsOfRun(outputDir, state.run_id).some(({ step }) => step === best.step);
