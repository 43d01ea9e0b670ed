import { setImmediate as nextTurn } from "node:timers/promises";
import { recordFunction } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import { describePlaces } from "../data/describe-places.js";
import { readAhead } from "../data/read-ahead.js";
import type { BestEvaluation } from "./best-evaluation.js";
import type { Checkpoints } from "./checkpoints/checkpoints.js";
import { computeGradients, type FiniteGradients } from "./compute-gradients.js";
import {
  type DivergenceGuard,
  divergenceError,
  type FoundAlert,
  type StepPlace,
} from "./divergence-guard.js";
import { evaluateRun } from "./evaluate-run.js";
import type { EvaluationSchedule } from "./evaluation-schedule.js";
import { clipFactor } from "./gradient-norm.js";
import { learningRateSchedule } from "./learning-rate.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { PreparedRun } from "./prepare-run.js";
import type { RunFiles } from "./run-files.js";
import type { RunLog, UpdateFacts } from "./run-log.js";
import type { StepProfiler } from "./step-profiler.js";
import type { Rollouts } from "./rollouts.js";
import { rolloutWeight, type RolloutRow } from "./rollout-row.js";
import { tokenWeight } from "./supervised-tokens.js";
import type { TrainingModel } from "./training-model.js";

/** Everything that takes part in the steps of a run. */
export interface TrainingLoop {
  readonly config: TrainConfig;
  readonly run: PreparedRun;
  readonly model: TrainingModel;
  readonly optimizer: Optimizer;
  readonly log: RunLog;
  readonly files: Pick<RunFiles, "append">;
  readonly guard: DivergenceGuard;
  readonly best: BestEvaluation;
  readonly checkpoints: Checkpoints;
  /** Null where the completions of the rows are trained. */
  readonly rollouts: Rollouts | null;
  readonly evaluations: EvaluationSchedule;
  readonly profiler: StepProfiler | null;
  /** Asked after each step, and before each batch of an evaluation. */
  readonly shouldStop: () => boolean;
}

/** How the steps of a run ended. */
export type LoopEnd = "completed" | "stopped early" | "interrupted";

/**
 * The steps of a run from where its log stands to the last, or to the one after which `shouldStop` says so.
 *
 * @throws RunError `NONFINITE_LOSS`, `NONFINITE_GRADIENT`: the weights are then those of the step before; `LOSS_WATCHDOG`
 */
export async function runTrainingLoop(loop: TrainingLoop): Promise<LoopEnd> {
  const { config, run, model, log, guard, best, profiler, shouldStop } = loop;
  const { totalSteps, microBatches } = run.plan;
  const learningRateOf = learningRateSchedule(config, totalSteps);
  const readStep = readAhead(totalSteps, (step) =>
    Promise.all(microBatches(step).map((batch) => run.dataset.rows.read(batch))),
  );
  if (!(await evaluateAndSave(loop))) return "interrupted";
  for (let step = log.steps; step < totalSteps && !best.isHopeless; step++) {
    profiler?.beginStep(step);
    const read = await recordFunction("batch", () => readStep(step));
    const rollouts = await loop.rollouts?.take(step, read.flat());
    const batches: Batches = rollouts?.batches ?? read;
    const computed = computeGradients(model, batches, step, weightOfRows(loop, batches));
    const place = placeOf(run.dataset, step + 1, computed.rows);
    if (!computed.isFinite) report(log, place, [guard.skip(computed, place)]);
    if (rollouts?.metrics) log.addRollouts(rollouts.metrics);
    log.endStep(computed.isFinite ? update(loop, learningRateOf(step), computed) : null);
    if (computed.isFinite) report(log, place, guard.watch(computed, place));

    if (shouldStop() && log.steps < totalSteps) return "interrupted";
    if (!(await evaluateAndSave(loop))) return "interrupted";
    // One turn of the event loop a step: finalizers, timers and the watcher's own work.
    await nextTurn();
    profiler?.endStep();
  }
  return log.steps < totalSteps ? "stopped early" : "completed";
}

/**
 * Does what is due after the steps that are done.
 *
 * @returns false where the run is to stop before it is done
 */
async function evaluateAndSave(loop: TrainingLoop): Promise<boolean> {
  const { evaluations, checkpoints } = loop;
  if (evaluations.isPending && !(await evaluateRun(loop))) return false;
  if (checkpoints.isDue) await recordFunction("checkpoint", () => checkpoints.saveInBackground());
  return true;
}

type Batches = readonly (readonly EncodedRow[])[];

/** The factor of each row's token losses in a step. */
function weightOfRows({ config, rollouts }: TrainingLoop, batches: Batches): (row: EncodedRow) => number {
  return rollouts === null
    ? tokenWeight(batches.flat(), config.lossAggregation)
    : rolloutWeight(batches, config.grpoAggregation, config.maxCompletionLength);
}

/** Updates the weights; returns what the log tells of it. */
function update(
  { config, optimizer, log }: TrainingLoop,
  learningRate: number,
  { microBatches, gradNorm }: FiniteGradients,
): UpdateFacts {
  recordFunction("optimizer", () => optimizer.step(learningRate, clipFactor(gradNorm, config.maxGradNorm)));
  for (const { rows, sums } of microBatches) log.addMicroBatch(rows, sums);
  return { learning_rate: learningRate, grad_norm: gradNorm };
}

const placeOf = ({ files }: PreparedRun["dataset"], step: number, rows: readonly EncodedRow[]): StepPlace => {
  const rowIds = [...new Set(rows.map(sourceOf))];
  return { step, rowIds, describeRows: () => describePlaces(files, rowIds) };
};

/** The row of the data set that a row is, or that its prompt is from. */
const sourceOf = (row: EncodedRow | RolloutRow): number => ("sourceId" in row ? row.sourceId : row.id);

/** @throws RunError where one of them must end the run */
function report(log: RunLog, { step }: StepPlace, found: readonly FoundAlert[]): void {
  for (const { alert, isFatal } of found) log.addAlert(step, alert, isFatal);
  const fatal = found.find(({ isFatal }) => isFatal);
  if (fatal) throw divergenceError(fatal.alert);
}
