/** @file Which prompts each optimizer step answers. */
import type { TrainConfig } from "../config/train-options.js";
import { type BatchPlan, type BatchPlanOptions, planBatches } from "../data/batches.js";

/** The options that decide on it. */
export type RolloutPlanOptions = Pick<
  TrainConfig,
  "numGenerations" | "numIterations" | "perDeviceTrainBatchSize" | "gradientAccumulationSteps"
>;

/** Prompts of a step, whose completions fill its micro-batches, as in TRL. */
export const promptsOfStep = ({
  numGenerations,
  perDeviceTrainBatchSize,
  gradientAccumulationSteps,
}: RolloutPlanOptions): number => (perDeviceTrainBatchSize * gradientAccumulationSteps) / numGenerations;

/** How often each row of a step is trained: with as many completions as the model writes, or once with its own. */
export const completionsOfRow = ({
  lossType,
  numGenerations,
}: Pick<TrainConfig, "lossType" | "numGenerations">): number => (lossType === "grpo" ? numGenerations : 1);

/**
 * A plan whose rows are prompts. `microBatches` gives all of a step in one; `num_iterations` steps in a row have the same, and
 * an epoch has so many times more steps.
 */
export function planRollouts(
  options: RolloutPlanOptions,
  data: Pick<BatchPlanOptions, "lengths" | "strategy" | "seed" | "numTrainEpochs" | "maxSteps">,
): BatchPlan {
  const { numIterations } = options;
  const prompts = { ...data, bins: null, batchSize: promptsOfStep(options), gradientAccumulationSteps: 1 };
  const { stepsPerEpoch } = planBatches(prompts);
  const stepsOfEpoch = stepsPerEpoch * numIterations;
  const totalSteps = data.maxSteps > 0 ? data.maxSteps : Math.ceil(data.numTrainEpochs * stepsOfEpoch);
  const once = planBatches({ ...prompts, maxSteps: Math.ceil(totalSteps / numIterations) });
  return {
    stepsPerEpoch: stepsOfEpoch,
    totalSteps,
    microBatches: (step) => once.microBatches(Math.floor(step / numIterations)),
    epochAfter(steps) {
      const whole = Math.floor(steps / numIterations);
      const [before, after] = [once.epochAfter(whole), once.epochAfter(whole + 1)];
      return before + ((after - before) * (steps % numIterations)) / numIterations;
    },
  };
}
