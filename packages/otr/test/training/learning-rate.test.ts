import { describe, expect, it } from "vitest";
import { learningRateSchedule } from "../../src/training/learning-rate.js";

/** Computed with `transformers.get_scheduler` 5.23.0 at learning rate 3e-3. */
const TRANSFORMERS = [
  {
    lrSchedulerType: "linear",
    warmupSteps: 3,
    lrSchedulerKwargs: {},
    rates: [
      0.0, 0.001, 0.002, 0.003, 0.0025714285714285713, 0.002142857142857143, 0.0017142857142857142,
      0.0012857142857142856, 0.0008571428571428571, 0.00042857142857142855,
    ],
  },
  {
    lrSchedulerType: "cosine",
    warmupSteps: 2,
    lrSchedulerKwargs: {},
    rates: [
      0.0, 0.0015, 0.003, 0.002851453301853629, 0.0024352347027881004, 0.0018337814009344716,
      0.0011662185990655284, 0.0005647652972118998, 0.00014854669814637144,
    ],
  },
  { lrSchedulerType: "constant", warmupSteps: 0, lrSchedulerKwargs: {}, rates: [0.003, 0.003, 0.003, 0.003] },
  {
    lrSchedulerType: "constant_with_warmup",
    warmupSteps: 3,
    lrSchedulerKwargs: {},
    rates: [0.0, 0.001, 0.002, 0.003, 0.003, 0.003],
  },
  {
    lrSchedulerType: "cosine_with_min_lr",
    warmupSteps: 2,
    lrSchedulerKwargs: { minLrRate: 0.1 },
    rates: [
      0.0, 0.0015, 0.003, 0.0028663079716682656, 0.0024917112325092907, 0.0019504032608410242,
      0.0013495967391589758, 0.0008082887674907099, 0.00043369202833173437,
    ],
  },
  {
    lrSchedulerType: "cosine_with_min_lr",
    warmupSteps: 0,
    lrSchedulerKwargs: { minLr: 0.0001 },
    rates: [0.003, 0.002723074641843674, 0.0019980746418436736, 0.0011019253581563263, 0.0003769253581563264],
  },
] as const;

describe("learningRateSchedule", () => {
  it.each(TRANSFORMERS)(
    "follows Transformers: $lrSchedulerType, warm-up $warmupSteps",
    ({ rates, ...options }) => {
      const schedule = learningRateSchedule({ learningRate: 3e-3, ...options }, rates.length);
      rates.forEach((rate, step) => {
        expect(schedule(step)).toBeCloseTo(rate, 15);
      });
    },
  );

  it("reads a warm-up below 1 as a share of all steps, rounded up", () => {
    const options = {
      learningRate: 1,
      lrSchedulerType: "constant_with_warmup",
      lrSchedulerKwargs: {},
    } as const;
    const schedule = learningRateSchedule({ ...options, warmupSteps: 0.25 }, 10);
    expect([0, 1, 2, 3, 4].map(schedule)).toEqual([0, 1 / 3, 2 / 3, 1, 1]);
  });
});
