import { describe, expect, it } from "vitest";
import { type BatchPlanOptions, planBatches } from "../../src/data/batches.js";
import { bestFitDecreasing } from "../../src/data/bins.js";
import { groupByLength } from "../../src/data/group-by-length.js";
import { epochOrder } from "../../src/data/sampling-order.js";

const plan = ({ rows = 10, ...options }: Partial<BatchPlanOptions> & { rows?: number }) =>
  planBatches({
    lengths: new Uint32Array(rows).fill(1),
    bins: null,
    strategy: "sequential",
    seed: 0,
    batchSize: 2,
    gradientAccumulationSteps: 2,
    numTrainEpochs: 1,
    maxSteps: -1,
    ...options,
  });
const lists = (batches: Uint32Array[]) => batches.map((batch) => [...batch]);

describe("planBatches", () => {
  it("keeps the short last step of an epoch and starts the next epoch with a full one", () => {
    const { microBatches, stepsPerEpoch, totalSteps } = plan({ numTrainEpochs: 2 });
    expect([stepsPerEpoch, totalSteps]).toEqual([3, 6]);
    expect(lists(microBatches(1))).toEqual([
      [4, 5],
      [6, 7],
    ]);
    expect(lists(microBatches(2))).toEqual([[8, 9]]);
    expect(lists(microBatches(3))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("keeps the order of the file in every epoch when sequential", () => {
    const { microBatches } = plan({ numTrainEpochs: 3, batchSize: 10 });
    for (let step = 0; step < 3; step++)
      expect(lists(microBatches(step))[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("sorts random rows by length with the rows of a step as batch", () => {
    const lengths = Uint32Array.from({ length: 60 }, (_, row) => 1 + ((row * 37) % 61));
    const setting = { lengths, seed: 3, batchSize: 2, gradientAccumulationSteps: 4 } as const;
    const { microBatches, stepsPerEpoch } = plan({
      ...setting,
      strategy: "group_by_length",
      numTrainEpochs: 2,
    });
    for (const epoch of [0, 1]) {
      const seen: number[] = [];
      for (let step = 0; step < stepsPerEpoch; step++) {
        seen.push(...lists(microBatches(epoch * stepsPerEpoch + step)).flat());
      }
      expect(seen).toEqual([...groupByLength(epochOrder(60, { seed: 3, epoch }), lengths, 8)]);
    }
  });

  it("counts bins where there are some, and hands out their rows", () => {
    const lengths = Uint32Array.from([5, 3, 2, 5, 1, 4, 5]);
    const bins = bestFitDecreasing(lengths, 5);
    const setting = { lengths, bins, gradientAccumulationSteps: 1 };
    const { microBatches, stepsPerEpoch, epochAfter } = plan(setting);
    expect([bins.count, stepsPerEpoch]).toEqual([5, 3]);
    expect([0, 1, 2].map((step) => lists(microBatches(step)))).toEqual([[[0, 1, 2]], [[3, 4, 5]], [[6]]]);
    expect(epochAfter(2)).toBe(2 / 3);

    const random = plan({ ...setting, strategy: "random", seed: 1, batchSize: 1 });
    const seen = [0, 1, 2, 3, 4].map((step) => lists(random.microBatches(step))[0]);
    const inOrder = [...epochOrder(5, { seed: 1, epoch: 0 })].map((bin) => [...bins.rowsOf(bin)]);
    expect(seen).toEqual(inOrder);
  });

  it("keeps the short last micro-batch", () => {
    expect(lists(plan({ rows: 7 }).microBatches(1))).toEqual([[4, 5], [6]]);
  });

  // transformers' Trainer.set_initial_training_values, worked out by hand.
  it.each([
    [{ rows: 10, batchSize: 2, gradientAccumulationSteps: 2, numTrainEpochs: 3 }, 9],
    [{ rows: 10, batchSize: 4, gradientAccumulationSteps: 1, numTrainEpochs: 0.5 }, 2],
    [{ rows: 3, batchSize: 8, gradientAccumulationSteps: 4, numTrainEpochs: 3 }, 3],
    [{ rows: 10, batchSize: 2, gradientAccumulationSteps: 2, numTrainEpochs: 1.2 }, 4],
    [{ rows: 10, batchSize: 2, gradientAccumulationSteps: 2, maxSteps: 7 }, 7],
  ])("%j takes %i steps", (options, steps) => {
    expect(plan(options).totalSteps).toBe(steps);
  });

  it("sees each row once an epoch, in that epoch's order", () => {
    const { microBatches, stepsPerEpoch } = plan({
      rows: 23,
      strategy: "random",
      seed: 9,
      numTrainEpochs: 2,
    });
    for (const epoch of [1, 0]) {
      const seen: number[] = [];
      for (let step = 0; step < stepsPerEpoch; step++) {
        seen.push(...lists(microBatches(epoch * stepsPerEpoch + step)).flat());
      }
      expect(seen).toEqual([...epochOrder(23, { seed: 9, epoch })]);
    }
  });

  it("counts epochs in micro-batches, as the Trainer logs them", () => {
    const { epochAfter } = plan({ numTrainEpochs: 2 });
    expect([0, 1, 2, 3, 4].map(epochAfter)).toEqual([0, 2 / 5, 4 / 5, 1, 1 + 2 / 5]);
  });

  it.each([
    [{ rows: 0 }, /rows is 0/],
    [{ batchSize: 0 }, /batchSize is 0/],
    [{ gradientAccumulationSteps: 1.5 }, /gradientAccumulationSteps is 1.5/],
    [{ numTrainEpochs: 0 }, /numTrainEpochs is 0/],
    [{ numTrainEpochs: Number.NaN }, /numTrainEpochs is NaN/],
  ])("refuses %j", (options, message) => {
    expect(() => plan(options)).toThrowError(message);
  });

  it("refuses a step outside the run", () => {
    expect(() => plan({}).microBatches(3)).toThrowError(/steps 0 to 2/);
    expect(() => plan({}).microBatches(-1)).toThrowError(/steps 0 to 2/);
  });
});
