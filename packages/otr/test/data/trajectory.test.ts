/** @file The rows of a reference run: the same token ids and labels, micro-batch by micro-batch. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planBatches } from "../../src/data/batches.js";
import { loadDataset } from "../../src/data/load-dataset.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { hasShared, shared } from "../shared.js";

interface Reference {
  readonly steps: readonly {
    readonly micro_batches: readonly { input_ids: number[][]; labels: number[][] }[];
  }[];
}

describe.skipIf(!hasShared)("the rows of the reference trajectory", () => {
  it.each(["nll", "dft"])("are those of TRL's %s run", async (name) => {
    const reference: Reference = JSON.parse(
      readFileSync(shared(`reference/trajectories/${name}.json`), "utf8"),
    );
    const tokenizer = await loadTokenizer(shared("models/stories260k"));
    const dataset = await loadDataset({
      path: shared("reference/trajectories/rows.jsonl"),
      tokenizer,
      maxLength: 128,
      truncationMode: "keep_start",
      completionOnlyLoss: null,
      assistantOnlyLoss: null,
      chatTemplatePath: null,
    });
    const plan = planBatches({
      lengths: dataset.rows.lengths,
      bins: null,
      strategy: "sequential",
      seed: 0,
      batchSize: 2,
      gradientAccumulationSteps: 2,
      numTrainEpochs: 3,
      maxSteps: 10,
    });
    expect(plan.totalSteps).toBe(reference.steps.length);
    const padId = tokenizer.eosTokenId!;
    const encoded = await dataset.rows.read(dataset.rows.lengths.keys());
    await dataset.rows.close();
    for (const [step, { micro_batches }] of reference.steps.entries()) {
      const batches = plan.microBatches(step).map((indices) => {
        const rows = [...indices].map((index) => encoded[index]!);
        const width = Math.max(...rows.map((row) => row.inputIds.length));
        const padded = (values: Int32Array, fill: number) => [
          ...values,
          ...Array<number>(width - values.length).fill(fill),
        ];
        return {
          input_ids: rows.map((row) => padded(row.inputIds, padId)),
          labels: rows.map((row) => padded(row.labels, -100)),
        };
      });
      expect(batches, `step ${step}`).toEqual(micro_batches);
    }
  });
});
