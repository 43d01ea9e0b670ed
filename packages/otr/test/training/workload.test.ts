import { describe, expect, it } from "vitest";
import { planBatches } from "../../src/data/batches.js";
import { measureWorkload } from "../../src/training/workload.js";

const lengths = Uint32Array.from([5, 7, 30, 1, 20, 9, 4]);
const plan = (changes: Partial<Parameters<typeof planBatches>[0]> = {}) =>
  planBatches({
    lengths,
    bins: null,
    strategy: "sequential",
    seed: 1,
    batchSize: 2,
    gradientAccumulationSteps: 2,
    numTrainEpochs: 2,
    maxSteps: -1,
    ...changes,
  });

describe("measureWorkload", () => {
  it("sums over all steps, with the smaller batches at the end of an epoch", () => {
    expect(measureWorkload(plan(), lengths)).toMatchObject({
      totalSteps: 4,
      rowsPerStep: 3.5,
      tokensPerStep: 38,
      microBatchesPerStep: 2,
      totalTokens: 152,
    });
  });

  it("finds the micro-batch with most tokens, and some of the whole run", () => {
    const { largest, samples } = measureWorkload(plan(), lengths);
    expect([...largest]).toEqual([2, 3]);
    expect(samples.map((batch) => [...batch])).toEqual([
      [0, 1],
      [4, 5],
      [0, 1],
      [4, 5],
    ]);
    expect(measureWorkload(plan({ maxSteps: 1000 }), lengths).samples).toHaveLength(6);
  });

  it("takes a very long run to go on as it began", () => {
    const workload = measureWorkload(plan({ maxSteps: 2_000_000 }), lengths);
    expect(workload.totalTokens).toBe(38 * 2_000_000);
  });
});
