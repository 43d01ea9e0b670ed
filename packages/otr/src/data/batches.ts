/** @file Which rows each optimizer step sees, with the step arithmetic of the Transformers Trainer. */
import { OtrError } from "../errors.js";
import { epochOrder, type SamplingStrategy } from "./sampling-order.js";

export interface BatchPlanOptions {
  /** Rows of the data set. */
  readonly rows: number;
  readonly strategy: SamplingStrategy;
  readonly seed: number;
  /** Rows of a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches of an optimizer step. */
  readonly gradientAccumulationSteps: number;
  /** May be fractional. Not read when `maxSteps` is positive. */
  readonly numTrainEpochs: number;
  /** Optimizer steps; 0 or less means: as many as the epochs need. */
  readonly maxSteps: number;
}

export interface BatchPlan {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /**
   * The micro-batches of an optimizer step, each the indices of its rows in the data set.
   * @param step from 0 to `totalSteps - 1`
   */
  microBatches(step: number): Uint32Array[];
  /** How many epochs are done after a number of optimizer steps: a fraction, counted in micro-batches. */
  epochAfter(steps: number): number;
}

/**
 * Plans the batches of a run.
 *
 * No row is dropped: the last micro-batch of an epoch may hold fewer rows and its last step fewer micro-batches. An
 * epoch has `ceil(ceil(rows / batchSize) / accumulation)` steps; a run of `E` epochs has `ceil(E * stepsPerEpoch)`.
 * @throws OtrError `INVALID_ARGUMENT` for sizes that are no positive integers, and for no rows at all.
 */
export function planBatches(options: BatchPlanOptions): BatchPlan {
  const { rows, batchSize, gradientAccumulationSteps, numTrainEpochs, maxSteps } = options;
  requirePositive("rows", rows);
  requirePositive("batchSize", batchSize);
  requirePositive("gradientAccumulationSteps", gradientAccumulationSteps);
  if (maxSteps <= 0 && !(numTrainEpochs > 0 && Number.isFinite(numTrainEpochs))) {
    throw new OtrError(
      "INVALID_ARGUMENT",
      `numTrainEpochs is ${numTrainEpochs}; give a number above 0, or maxSteps`,
    );
  }

  const microBatchesPerEpoch = Math.ceil(rows / batchSize);
  const stepsPerEpoch = Math.ceil(microBatchesPerEpoch / gradientAccumulationSteps);
  const totalSteps = maxSteps > 0 ? maxSteps : Math.ceil(numTrainEpochs * stepsPerEpoch);

  let cached: { epoch: number; order: Uint32Array } | undefined;
  const orderOf = (epoch: number): Uint32Array => {
    if (cached?.epoch !== epoch) {
      cached = { epoch, order: epochOrder(rows, { strategy: options.strategy, seed: options.seed, epoch }) };
    }
    return cached.order;
  };

  return {
    stepsPerEpoch,
    totalSteps,
    microBatches(step) {
      if (!Number.isInteger(step) || step < 0 || step >= totalSteps) {
        throw new OtrError("INVALID_ARGUMENT", `step is ${step}; this run has steps 0 to ${totalSteps - 1}`);
      }
      const order = orderOf(Math.floor(step / stepsPerEpoch));
      const first = (step % stepsPerEpoch) * gradientAccumulationSteps;
      const end = Math.min(first + gradientAccumulationSteps, microBatchesPerEpoch);
      return Array.from({ length: end - first }, (_, index) => {
        const start = (first + index) * batchSize;
        return order.slice(start, start + batchSize);
      });
    },
    epochAfter(steps) {
      const inEpoch = Math.min((steps % stepsPerEpoch) * gradientAccumulationSteps, microBatchesPerEpoch);
      return Math.floor(steps / stepsPerEpoch) + inEpoch / microBatchesPerEpoch;
    },
  };
}

function requirePositive(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new OtrError("INVALID_ARGUMENT", `${name} is ${value}; give a whole number above 0`);
}
