import { aten, liveTensorCount, noGrad, scope } from "@one-token/torch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EncodedRow, IGNORE_INDEX } from "../../src/data/encoded-row.js";
import { tokenDifferences } from "../../src/experiments/token-differences.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { tinyConfig } from "../models/tiny-config.js";

let base: CausalLM;
let trained: CausalLM;
beforeAll(() => {
  base = initModel(parseModelConfig(tinyConfig()), { seed: 1, trainable: false });
  trained = initModel(parseModelConfig(tinyConfig()), { seed: 2, trainable: false });
});
afterAll(() => {
  base.dispose();
  trained.dispose();
});

const row = (id: number, ids: readonly number[], learnedFrom: number): EncodedRow => {
  const inputIds = Int32Array.from(ids);
  const labels = Int32Array.from(ids);
  labels.fill(IGNORE_INDEX, 0, learnedFrom);
  return { id, inputIds, labels };
};
const rows = [row(4, [3, 7, 5, 9], 2), row(2, [8, 6], 0), row(9, [1, 2], 2)];

/** `log pi(token | the tokens before)`, straightforwardly. */
const logProbabilities = (model: CausalLM, ids: Int32Array): number[][] =>
  scope(() =>
    noGrad(() => {
      const logits = model.logits(model.forward(packRows([{ inputIds: ids }])));
      const flat = aten.log_softmax.int(logits, 1).toArray();
      return Array.from(ids, (_, at) => flat.slice(at * 19, (at + 1) * 19));
    }),
  );

it("are log-probabilities of the learned tokens, and KL of the whole distributions", () => {
  const before = liveTensorCount();
  const found = tokenDifferences(base, trained, rows);
  expect(liveTensorCount()).toBe(before);
  expect(found.map(({ rowId, position, tokenId }) => [rowId, position, tokenId])).toEqual([
    [4, 2, 5],
    [4, 3, 9],
    [2, 1, 6],
  ]);
  for (const { rowId, position, tokenId, before: p, after: q, divergence } of found) {
    const { inputIds } = rows.find(({ id }) => id === rowId)!;
    const [mine, theirs] = [base, trained].map((model) => logProbabilities(model, inputIds)[position - 1]!);
    expect(p).toBeCloseTo(mine![tokenId]!, 5);
    expect(q).toBeCloseTo(theirs![tokenId]!, 5);
    const kl = mine!.reduce((sum, log, token) => sum + Math.exp(log) * (log - theirs![token]!), 0);
    expect(divergence).toBeCloseTo(kl, 5);
    expect(divergence).toBeGreaterThan(0);
  }
});

it("are none between a model and itself", () => {
  for (const { before, after, divergence } of tokenDifferences(base, base, rows)) {
    expect(after).toBe(before);
    expect(divergence).toBeLessThan(1e-6);
  }
});
