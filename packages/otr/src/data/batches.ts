/** @file Which rows each optimizer step sees, with the step arithmetic of the Transformers Trainer. */
import { OtrError } from "../errors.js";
import type { Bins } from "./bins.js";
import { groupByLength } from "./group-by-length.js";
import { epochOrder } from "./sampling-order.js";

/** The order of an epoch: random, that of the file, or random batches of rows of about one length. */
export type TrainSamplingStrategy = "random" | "sequential" | "group_by_length";

export interface BatchPlanOptions {
  /** Tokens of each row of the data set. */
  readonly lengths: Uint32Array;
  /** Where there are bins, they take the place of rows: in the order, the batches, and the count of steps. */
  readonly bins: Bins | null;
  /** `group_by_length` is for rows without bins. */
  readonly strategy: TrainSamplingStrategy;
  readonly seed: number;
  /** Rows, or bins, of a micro-batch. */
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
 * epoch has `ceil(ceil(rows or bins / batchSize) / accumulation)` steps; a run of `E` epochs has `ceil(E * stepsPerEpoch)`.
 * @throws OtrError `INVALID_ARGUMENT` for sizes that are no positive integers, and for no rows at all.
 */
export function planBatches(options: BatchPlanOptions): BatchPlan {
  const { lengths, bins, batchSize, gradientAccumulationSteps, numTrainEpochs, maxSteps } = options;
  const units = bins?.count ?? lengths.length;
  requirePositive(bins ? "bins" : "rows", units);
  requirePositive("batchSize", batchSize);
  requirePositive("gradientAccumulationSteps", gradientAccumulationSteps);
  if (maxSteps <= 0 && !(numTrainEpochs > 0 && Number.isFinite(numTrainEpochs))) {
    throw new OtrError(
      "INVALID_ARGUMENT",
      `numTrainEpochs is ${numTrainEpochs}; give a number above 0, or maxSteps`,
    );
  }

  const microBatchesPerEpoch = Math.ceil(units / batchSize);
  const stepsPerEpoch = Math.ceil(microBatchesPerEpoch / gradientAccumulationSteps);
  const totalSteps = maxSteps > 0 ? maxSteps : Math.ceil(numTrainEpochs * stepsPerEpoch);

  let cached: { epoch: number; order: Uint32Array } | undefined;
  const orderOf = (epoch: number): Uint32Array => {
    if (cached?.epoch !== epoch) {
      const { strategy, seed } = options;
      const order =
        strategy === "sequential"
          ? Uint32Array.from({ length: units }, (_, unit) => unit)
          : epochOrder(units, { seed, epoch });
      const isGrouped = strategy === "group_by_length";
      const stepSize = batchSize * gradientAccumulationSteps;
      cached = { epoch, order: isGrouped ? groupByLength(order, lengths, stepSize) : order };
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
        const chosen = order.slice(start, start + batchSize);
        return bins === null ? chosen : Uint32Array.from([...chosen].flatMap((bin) => [...bins.rowsOf(bin)]));
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
