import { fileURLToPath } from "node:url";
import { liveTensorCount, noGrad, scope } from "@one-token/torch";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rollingWindows } from "../../src/generation/rolling-windows.js";
import {
  ContinuationScorer,
  scoreContinuations,
  scoreTexts,
} from "../../src/generation/score-continuations.js";
import { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { loadModel } from "../../src/models/load-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { tinyConfig } from "../models/tiny-config.js";

const opened: CausalLM[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) model.dispose();
});

function randomModel(changes: Record<string, unknown> = {}): CausalLM {
  const config = tinyConfig({ vocab_size: 40, initializer_range: 0.5, ...changes });
  const model = initModel(parseModelConfig(config), { seed: 11, trainable: false });
  opened.push(model);
  return model;
}

/** One token after the other, each by a forward pass of all before it. */
function scoredSlowly(model: CausalLM, context: Int32Array, continuation: Int32Array) {
  let [logProbability, isGreedy] = [0, true];
  const text = [...context];
  for (const token of continuation) {
    const inputIds = Int32Array.from(text);
    const logits = scope(() =>
      noGrad(() =>
        model
          .logits(model.forward(packRows([{ inputIds }])))
          .narrow(0, inputIds.length - 1, 1)
          .toArray(),
      ),
    );
    const largest = Math.max(...logits);
    const sum = logits.reduce((total, each) => total + Math.exp(each - largest), 0);
    logProbability += logits[token]! - largest - Math.log(sum);
    isGreedy &&= logits.indexOf(largest) === token;
    text.push(token);
  }
  return { logProbability, isGreedy };
}

const ids = (...values: number[]) => Int32Array.from(values);

describe("scoreContinuations", () => {
  const contexts = [ids(5, 6, 7, 8, 9), ids(10), ids(11, 12, 13, 14, 15, 16, 17, 18)];
  const continuations = [ids(3), ids(4, 5), ids(6, 7, 8, 9, 10, 11, 12)];
  const pairs = contexts.flatMap((context) =>
    continuations.map((continuation) => ({ context, continuation })),
  );

  it.each([1, 20, 4096])("equals scoring token by token, in batches of %i tokens", async (maxBatchTokens) => {
    const model = randomModel();
    const before = liveTensorCount();
    const scores = await scoreContinuations(model, pairs, { maxBatchTokens });
    expect(liveTensorCount()).toBe(before);
    for (const [index, { context, continuation }] of pairs.entries()) {
      const expected = scoredSlowly(model, context, continuation);
      expect(scores[index]!.logProbability).toBeCloseTo(expected.logProbability, 3);
      expect(scores[index]!.isGreedy).toBe(expected.isGreedy);
    }
  });

  it.each([0, 1e9])("computes once what contexts begin with, in %i bytes of cache", async (kvCacheBytes) => {
    const model = randomModel({ max_position_embeddings: 256 });
    const examples = Array.from({ length: 70 }, (_, index) => 3 + ((index * 7) % 36));
    const questions = [ids(...examples, 4), ids(...examples, 5, 6, 7), ids(...examples.slice(0, 40), 9)];
    const few = questions.flatMap((context) =>
      continuations.map((continuation) => ({ context, continuation })),
    );
    let computed = 0;
    const pass = vi.spyOn(model, "decoderPass").mockImplementation(function (this: CausalLM, input, ...rest) {
      computed += input.inputIds.shape[0]!;
      return CausalLM.prototype.decoderPass.call(this, input, ...rest);
    });
    const scores = await scoreContinuations(model, few, { kvCacheBytes, maxBatchTokens: 100 });
    pass.mockRestore();
    for (const [index, { context, continuation }] of few.entries()) {
      const expected = scoredSlowly(model, context, continuation);
      expect(scores[index]!.logProbability).toBeCloseTo(expected.logProbability, 3);
      expect(scores[index]!.isGreedy).toBe(expected.isGreedy);
    }
    const all = few.reduce(
      (sum, { context, continuation }) => sum + context.length + continuation.length - 1,
      0,
    );
    expect(computed).toBeLessThan(all / 3);
  });

  it("keeps what it has computed from call to call, also in a cache that grows", async () => {
    const model = randomModel({ max_position_embeddings: 256 });
    const before = liveTensorCount();
    const examples = Array.from({ length: 96 }, (_, index) => 3 + ((index * 7) % 36));
    const question = (token: number, length: number) => ({
      context: ids(...examples, ...new Array<number>(length).fill(token)),
      continuation: ids(4, 5),
    });
    let computed = 0;
    const pass = vi.spyOn(model, "decoderPass").mockImplementation(function (this: CausalLM, input, ...rest) {
      computed += input.inputIds.shape[0]!;
      return CausalLM.prototype.decoderPass.call(this, input, ...rest);
    });
    const copies = vi.spyOn(model, "copyMatrices");
    {
      using scorer = new ContinuationScorer(model);
      const counts: number[] = [];
      // The third and fourth call need a larger cache; the third one makes it twice as large.
      for (const [token, length] of [
        [6, 3],
        [7, 3],
        [8, 50],
        [9, 90],
        [10, 3],
      ] as const) {
        computed = 0;
        const pair = question(token, length);
        const [score] = await scorer.score([pair]);
        counts.push(computed);
        const expected = scoredSlowly(model, pair.context, pair.continuation);
        expect(score!.logProbability).toBeCloseTo(expected.logProbability, 3);
      }
      expect(counts).toEqual([100, 4, 147, 91, 4]);
      expect(await scorer.score([])).toEqual([]);
    }
    expect(copies.mock.calls.length).toBeLessThanOrEqual(1);
    pass.mockRestore();
    expect(liveTensorCount()).toBe(before);
  });

  it("finds nothing of a batch that failed", async () => {
    const model = randomModel({ max_position_embeddings: 256 });
    const pair = {
      context: ids(...Array.from({ length: 70 }, (_, index) => 3 + (index % 30))),
      continuation: ids(4),
    };
    const expected = scoredSlowly(model, pair.context, pair.continuation);
    using scorer = new ContinuationScorer(model);
    const pass = vi.spyOn(model, "decoderPass").mockImplementationOnce(() => {
      throw new Error("out of memory");
    });
    await expect(scorer.score([pair])).rejects.toThrow("out of memory");
    pass.mockRestore();
    const [score] = await scorer.score([pair]);
    expect(score!.logProbability).toBeCloseTo(expected.logProbability, 3);
  });

  it("computes in bfloat16 what is held in float32", async () => {
    const model = randomModel();
    const before = liveTensorCount();
    const exact = await scoreContinuations(model, pairs);
    const rounded = await scoreContinuations(model, pairs, { computeDtype: "bfloat16" });
    expect(liveTensorCount()).toBe(before);
    expect(rounded).not.toEqual(exact);
    for (const [index, { logProbability }] of rounded.entries()) {
      const expected = exact[index]!.logProbability;
      expect(Math.abs(logProbability - expected)).toBeLessThan(0.05 * Math.abs(expected));
    }
  });

  it("gives rows that are rotated by their length nothing of others", async () => {
    const model = await loadModel(fileURLToPath(new URL("../references/dynamic_rope", import.meta.url)));
    opened.push(model);
    const context = Int32Array.from({ length: 36 }, (_, index) => 3 + index);
    const texts = [ids(5), ids(6, 7, 8), ids(9, 10, 11, 12, 13)].map((continuation) => ({
      context,
      continuation,
    }));
    const scores = await scoreContinuations(model, texts);
    for (const [index, pair] of texts.entries()) {
      const [alone] = await scoreContinuations(model, [pair]);
      expect(scores[index]!.logProbability).toBeCloseTo(alone!.logProbability, 4);
    }
  });

  it("knows what greedy decoding would write", async () => {
    const model = randomModel();
    const greedy = Array.from({ length: 40 }, (_, token) => ({
      context: ids(5, 6),
      continuation: ids(token),
    }));
    const scores = await scoreContinuations(model, greedy);
    expect(scores.filter(({ isGreedy }) => isGreedy)).toHaveLength(1);
    const total = scores.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0);
    expect(total).toBeCloseTo(1, 5);
    const best = scores.find(({ isGreedy }) => isGreedy)!;
    expect(best.logProbability).toBe(Math.max(...scores.map(({ logProbability }) => logProbability)));
  });

  it("leaves out the beginning of a context that is too long", async () => {
    const model = randomModel({ max_position_embeddings: 8 });
    const context = ids(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const [score] = await scoreContinuations(model, [{ context, continuation: ids(13, 14) }]);
    const expected = scoredSlowly(model, context.slice(-7), ids(13, 14));
    expect(score!.logProbability).toBeCloseTo(expected.logProbability, 3);
  });

  it("refuses what cannot be scored", async () => {
    const model = randomModel({ max_position_embeddings: 8 });
    const of = (context: Int32Array, continuation: Int32Array) =>
      scoreContinuations(model, [{ context, continuation }]);
    await expect(of(ids(), ids(1))).rejects.toMatchObject({ code: "CONTEXT_EMPTY" });
    await expect(of(ids(1), ids())).rejects.toMatchObject({ code: "CONTINUATION_EMPTY" });
    await expect(of(ids(1), new Int32Array(9))).rejects.toMatchObject({ code: "CONTINUATION_TOO_LONG" });
    await expect(of(ids(1), ids(40))).rejects.toMatchObject({ code: "TOKEN_UNKNOWN" });
    await expect(of(ids(-1), ids(4))).rejects.toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await scoreContinuations(model, [])).toEqual([]);
  });
});

describe("rollingWindows", () => {
  /** What `make_disjoint_window` makes of `get_rolling_token_windows` (lm-evaluation-harness 0.4.13), transcribed. */
  function harnessWindows(tokens: readonly number[], prefix: number, maxLength: number) {
    const windows: [number[], number[]][] = [];
    const first = Math.min(maxLength, tokens.length);
    windows.push([[prefix, ...tokens.slice(0, first - 1)], tokens.slice(0, first)]);
    for (let predicted = first; predicted < tokens.length; ) {
      const count = Math.min(tokens.length - predicted, maxLength);
      const end = predicted + count;
      windows.push([tokens.slice(end - maxLength - 1, end - 1), tokens.slice(end - count, end)]);
      predicted += count;
    }
    return windows.map(([context, continuation]) => ({
      context: Int32Array.from(context.slice(0, context.length - (continuation.length - 1))),
      continuation: Int32Array.from(continuation),
    }));
  }

  it("cuts texts of any length as lm-evaluation-harness does", () => {
    for (let length = 1; length <= 25; length++) {
      const tokens = Array.from({ length }, (_, index) => 100 + index);
      const windows = rollingWindows(Int32Array.from(tokens), 7, 8);
      expect(windows, `${length} tokens`).toEqual(harnessWindows(tokens, 7, 8));
    }
    expect(() => rollingWindows(ids(), 7, 8)).toThrow(expect.objectContaining({ code: "TEXT_EMPTY" }));
  });

  it("sums what its windows have", async () => {
    const model = randomModel({ max_position_embeddings: 8 });
    const text = Int32Array.from({ length: 21 }, (_, index) => 3 + index);
    const [sum, short] = await scoreTexts(model, [text, ids(5, 6)], 1);
    const windows = rollingWindows(text, 1, 8);
    const expected = windows.reduce(
      (total, each) => total + scoredSlowly(model, each.context, each.continuation).logProbability,
      0,
    );
    expect(sum).toBeCloseTo(expected, 2);
    expect(short).toBeCloseTo(scoredSlowly(model, ids(1), ids(5, 6)).logProbability, 3);
  });
});
