import { setImmediate as nextTurn } from "node:timers/promises";
import { recordFunction } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import { describePlaces } from "../data/describe-places.js";
import { readAhead } from "../data/read-ahead.js";
import { RunError } from "../errors.js";
import type { BestEvaluation } from "./best-evaluation.js";
import type { Checkpoints } from "./checkpoints/checkpoints.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { clipFactor, gradientNorm } from "./gradient-norm.js";
import { learningRateSchedule } from "./learning-rate.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { PreparedRun } from "./prepare-run.js";
import type { RunLog } from "./run-log.js";
import type { StepProfiler } from "./step-profiler.js";
import { tokenWeight } from "./supervised-tokens.js";
import type { TrainingModel } from "./training-model.js";

/** Everything that takes part in the steps of a run. */
export interface TrainingLoop {
  readonly config: TrainConfig;
  readonly run: PreparedRun;
  readonly model: TrainingModel;
  readonly optimizer: Optimizer;
  readonly log: RunLog;
  readonly best: BestEvaluation;
  readonly checkpoints: Checkpoints;
  /** Whether the run goes on from before an evaluation that was due. */
  readonly evaluationPending: boolean;
  readonly profiler: StepProfiler | null;
  /** Asked after each step, and before each batch of an evaluation. */
  readonly shouldStop: () => boolean;
}

/** How the steps of a run ended. */
export type LoopEnd =
  | { readonly kind: "completed" | "stopped early" }
  /** `evaluationPending`: before the evaluation that was due after the last step. */
  | { readonly kind: "interrupted"; readonly evaluationPending: boolean };

/**
 * The steps of a run from where its log stands to the last, or to the one after which `shouldStop` says so.
 *
 * @throws RunError `NONFINITE_GRADIENT`; the weights are then those of the step before
 */
export async function runTrainingLoop(loop: TrainingLoop): Promise<LoopEnd> {
  const { config, run, model, optimizer, log, best, checkpoints, profiler, shouldStop } = loop;
  const { totalSteps, microBatches } = run.plan;
  const learningRateOf = learningRateSchedule(config, totalSteps);
  const readStep = readAhead(totalSteps, (step) =>
    Promise.all(microBatches(step).map((batch) => run.dataset.rows.read(batch))),
  );
  if (loop.evaluationPending && !(await evaluate(loop))) return interrupted(true);
  for (let step = log.steps; step < totalSteps && !best.isHopeless; step++) {
    profiler?.beginStep(step);
    const batches = await recordFunction("batch", () => readStep(step));
    const rows = batches.flat();
    const weightOf = tokenWeight(rows, config.lossAggregation);
    for (const batch of batches) log.addMicroBatch(batch, model.accumulateGradients(batch, step, weightOf));

    const gradNorm = recordFunction("gradient norm", () => gradientNorm(model.parameters.values()));
    if (!Number.isFinite(gradNorm)) throw nonFinite(gradNorm, step + 1, rows, run.dataset);
    const learningRate = learningRateOf(step);
    recordFunction("optimizer", () => optimizer.step(learningRate, clipFactor(gradNorm, config.maxGradNorm)));
    log.endStep({ learningRate, gradNorm });

    const isDue = isEvaluationDue(loop);
    if (shouldStop() && log.steps < totalSteps) return interrupted(isDue);
    if (isDue && !(await evaluate(loop))) return interrupted(true);
    if (checkpoints.isDue) await recordFunction("checkpoint", () => checkpoints.saveInBackground());
    // One turn of the event loop a step: finalizers, timers and the watcher's own work.
    await nextTurn();
    profiler?.endStep();
  }
  return { kind: log.steps < totalSteps ? "stopped early" : "completed" };
}

const interrupted = (evaluationPending: boolean): LoopEnd => ({ kind: "interrupted", evaluationPending });

function isEvaluationDue({ config, run: { evalDataset, plan }, log: { steps } }: TrainingLoop): boolean {
  if (evalDataset === null || config.evalStrategy === "no") return false;
  const every = config.evalStrategy === "epoch" ? plan.stepsPerEpoch : config.evalSteps!;
  return steps % every === 0 || steps === plan.totalSteps;
}

/** @returns whether it was made to the end */
async function evaluate({ config, run, model, log, best, shouldStop }: TrainingLoop): Promise<boolean> {
  const { rows } = run.evalDataset!;
  const evaluation = await recordFunction("evaluation", () =>
    evaluateLoss(model, rows, config.perDeviceEvalBatchSize, log.steps - 1, shouldStop),
  );
  if (evaluation === null) return false;
  log.addEvaluation(evaluation);
  best.add(evaluation, log.steps);
  return true;
}

function nonFinite(
  gradNorm: number,
  step: number,
  rows: readonly EncodedRow[],
  { files }: PreparedRun["dataset"],
): RunError {
  const places = describePlaces(
    files,
    rows.map(({ id }) => id),
  );
  return new RunError(
    "NONFINITE_GRADIENT",
    `the gradient norm of step ${step} is ${gradNorm}, which would ruin the weights; they are as before this step. The batch ` +
      `has ${places} (the first is 1, empty lines not counted): look at them, or lower --learning_rate`,
  );
}
