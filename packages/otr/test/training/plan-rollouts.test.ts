import { describe, expect, it } from "vitest";
import { planRollouts, promptsOfStep } from "../../src/training/plan-rollouts.js";

const lengths = new Uint32Array(7).fill(3);
const planOf = (numIterations: number, maxSteps = -1, numTrainEpochs = 2) =>
  planRollouts(
    { numGenerations: 4, numIterations, perDeviceTrainBatchSize: 4, gradientAccumulationSteps: 2 },
    { lengths, strategy: "sequential", seed: 1, numTrainEpochs, maxSteps },
  );
const promptsOf = (plan: ReturnType<typeof planOf>) =>
  Array.from({ length: plan.totalSteps }, (_, step) => plan.microBatches(step).map((batch) => [...batch]));

describe("planRollouts", () => {
  it("gives each step as many prompts as have their answers in it", () => {
    expect(
      promptsOfStep({
        numGenerations: 4,
        numIterations: 1,
        perDeviceTrainBatchSize: 4,
        gradientAccumulationSteps: 2,
      }),
    ).toBe(2);
    const plan = planOf(1);
    expect(plan).toMatchObject({ stepsPerEpoch: 4, totalSteps: 8 });
    expect(promptsOf(plan).slice(0, 4)).toEqual([[[0, 1]], [[2, 3]], [[4, 5]], [[6]]]);
    expect([0, 1, 4, 6].map((steps) => plan.epochAfter(steps))).toEqual([0, 0.25, 1, 1.5]);
  });

  it("gives num_iterations steps the same prompts, and an epoch as many times more steps", () => {
    const plan = planOf(3);
    expect(plan).toMatchObject({ stepsPerEpoch: 12, totalSteps: 24 });
    expect(promptsOf(plan).slice(1, 5)).toEqual([[[0, 1]], [[0, 1]], [[2, 3]], [[2, 3]]]);
    expect(plan.epochAfter(3)).toBe(0.25);
    expect(plan.epochAfter(4)).toBeCloseTo(0.25 + 0.25 / 3, 12);
    expect(plan.epochAfter(24)).toBe(2);
  });

  it("may end between two steps with the same prompts", () => {
    const plan = planOf(3, 5);
    expect(promptsOf(plan)).toHaveLength(5);
    expect(plan.epochAfter(5)).toBeCloseTo(5 / 12, 12);
  });
});
