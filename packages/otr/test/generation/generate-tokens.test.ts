import { readFile } from "node:fs/promises";
import { aten, liveTensorCount, noGrad, scope } from "@one-token/torch";
import { afterEach, describe, expect, it } from "vitest";
import { generateTokens } from "../../src/generation/generate-tokens.js";
import { scoreContinuations } from "../../src/generation/score-continuations.js";
import { scoreTokens } from "../../src/generation/score-tokens.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { loadModel } from "../../src/models/load-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { createAdapter } from "../../src/models/lora-adapter.js";
import { packRows } from "../../src/models/packed-rows.js";
import { architectures } from "../models/architectures.js";
import { tinyConfig } from "../models/tiny-config.js";
import { hasShared, shared } from "../shared.js";

const opened: CausalLM[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) model.dispose();
});

/** A random model whose greedy continuations vary (weights large enough that they do not repeat one token). */
function randomModel(changes: Record<string, unknown> = {}): CausalLM {
  const config = tinyConfig({ vocab_size: 40, initializer_range: 0.5, ...changes });
  const model = initModel(parseModelConfig(config), { seed: 11, trainable: false });
  opened.push(model);
  return model;
}

/** Greedy continuation without a cache: the whole text is computed anew for every token. */
function uncached(model: CausalLM, prompt: Int32Array, maxNewTokens: number, eosTokenIds = [2]): number[] {
  const ids = [...prompt];
  while (ids.length < prompt.length + maxNewTokens) {
    const next = scope(() =>
      noGrad(() => {
        const hidden = model.forward(packRows([{ inputIds: Int32Array.from(ids) }]));
        return model
          .logits(hidden.narrow(0, ids.length - 1, 1))
          .argmax(1)
          .item();
      }),
    );
    ids.push(next);
    if (eosTokenIds.includes(next)) break;
  }
  return ids.slice(prompt.length);
}

const prompts = [[5, 6, 7, 8, 9], [10], [11, 12, 13], [14, 15, 16], [17, 18, 19, 20, 21, 22, 23, 24]].map(
  (ids) => Int32Array.from(ids),
);

describe("generateTokens", () => {
  it.each([
    ["llama", {}],
    ["qwen2", { model_type: "qwen2" }],
    ["qwen3", { model_type: "qwen3", head_dim: 8 }],
    ["float64", { dtype: "float64", num_key_value_heads: 4 }],
  ])("equals uncached generation token for token, in batches of any size: %s", async (_, changes) => {
    const model = randomModel(changes);
    const expected = prompts.map((prompt) => uncached(model, prompt, 40));
    expect(new Set(expected.map((ids) => ids.length)).size, "prompts end at different times").toBeGreaterThan(
      1,
    );
    for (const batchSize of [1, 2, 5]) {
      const generations = await generateTokens(model, prompts, { maxNewTokens: 40, batchSize });
      expect(generations.map((generation) => generation.tokenIds)).toEqual(expected);
    }
  });

  it.each(architectures)(
    "equals uncached generation of every family, with a block of cache a row: %s",
    async (_, folder) => {
      const model = await loadModel(folder, { dtype: "float64" });
      opened.push(model);
      const ids = (length: number, step: number) =>
        Int32Array.from({ length }, (_, index) => (7 + step * index) % model.vocabSize);
      const given = [ids(9, 3), ids(2, 5), ids(14, 3), ids(5, 11)];
      const expected = given.map((prompt) => uncached(model, prompt, 8, []));
      const options = { maxNewTokens: 8, eosTokenIds: [], kvCacheBytes: 0, batchSize: 3 };
      const generations = await generateTokens(model, given, options);
      expect(generations.map(({ tokenIds }) => tokenIds)).toEqual(expected);
    },
  );

  it("shares what prompts begin with, and sends rows back where the cache is full", async () => {
    const model = randomModel({ max_position_embeddings: 400 });
    const beginning = Array.from({ length: 75 }, (_, index) => 3 + ((index * 7) % 36));
    const questions = [[4], [5, 6, 7], [8, 9], [4, 5, 6, 7, 8, 9, 10], [], [11]];
    const given = [...questions.map((ids) => Int32Array.from([...beginning, ...ids])), ...prompts];
    const expected = given.map((prompt) => uncached(model, prompt, 70, []));
    const block = 2 * 2 * 2 * 4 * 32 * 4;
    for (const kvCacheBytes of [6 * block, 1e9]) {
      const options = { maxNewTokens: 70, eosTokenIds: [], kvCacheBytes };
      const generations = await generateTokens(model, given, options);
      expect(
        generations.map(({ tokenIds }) => tokenIds),
        `${kvCacheBytes} bytes`,
      ).toEqual(expected);
    }
  });

  it("draws several continuations of a prompt, each the same in any batch", async () => {
    const model = randomModel({ max_position_embeddings: 128 });
    const long = Int32Array.from({ length: 70 }, (_, index) => 3 + ((index * 5) % 36));
    const sample = async (numReturnSequences: number, changes: object = {}) => {
      const options = { temperature: 1, maxNewTokens: 20, eosTokenIds: [], numReturnSequences, ...changes };
      return (await generateTokens(model, [long, ...prompts], options)).map(({ tokenIds }) => tokenIds);
    };
    const expected = await sample(3);
    expect(expected).toHaveLength(18);
    expect(new Set(expected.map(String)).size).toBe(18);
    expect(await sample(3, { batchSize: 1 })).toEqual(expected);
    expect(await sample(3, { kvCacheBytes: 0 })).toEqual(expected);
    const alone = await sample(1);
    expect(alone).toEqual(expected.filter((_, index) => index % 3 === 0));
    await expect(sample(2, { temperature: 0 })).rejects.toThrow(/numReturnSequences: is 2/);
  });

  it("hands out each continuation as soon as it has ended", async () => {
    const model = randomModel();
    const order: number[] = [];
    const handed: unknown[] = [];
    const generations = await generateTokens(model, prompts, {
      eosTokenIds: [],
      batchSize: 2,
      shouldStop: (continuation, promptIndex) => continuation.length === 2 + ((promptIndex * 3) % 5),
      async onFinished(index, generation) {
        order.push(index);
        handed[index] = generation;
      },
    });
    expect(handed).toEqual(generations);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    const failing = generateTokens(model, prompts, {
      maxNewTokens: 3,
      onFinished: () => Promise.reject(new Error("the disk is full")),
    });
    await expect(failing).rejects.toThrow("the disk is full");
  });

  it("computes a bfloat16 model with packed matrices as without, an adapter's pairs included", async () => {
    const model = randomModel({ dtype: "bfloat16", hidden_size: 32, num_key_value_heads: 4 });
    const check = async () => {
      const before = liveTensorCount();
      const { logProbabilities } = scope(() =>
        noGrad(() =>
          scoreTokens(model, model.forward(packRows([{ inputIds: prompts[4]! }])), [3, 6], [21, 24]),
        ),
      );
      const pairs = [4, 7].map((place) => ({
        context: prompts[4]!.slice(0, place),
        continuation: prompts[4]!.slice(place, place + 1),
      }));
      const scores = await scoreContinuations(model, pairs);
      expect(liveTensorCount()).toBe(before);
      for (const [index, { logProbability }] of scores.entries()) {
        const expected = logProbabilities[index]!;
        expect(Math.abs(logProbability - expected)).toBeLessThan(0.05 * Math.max(1, Math.abs(expected)));
      }
      return logProbabilities;
    };
    const own = await check();
    for (const useDora of [false, true]) {
      model.adapter = createAdapter(
        model,
        {
          rank: 4,
          alpha: 64,
          dropout: 0,
          targetModules: "all-linear",
          modulesToSave: [],
          useRslora: false,
          useDora,
        },
        3,
        "test",
      );
      // B is zero at first, and the pair without effect.
      scope(() =>
        noGrad(() => {
          for (const [name, parameter] of model.adapter!.parameters) {
            if (name.includes("lora_B")) aten.normal_(parameter, 0, 0.3);
          }
        }),
      );
      expect(await check()).not.toEqual(own);
      model.adapter.dispose();
      model.adapter = null;
    }
  });

  it("says why a continuation ended", async () => {
    const model = randomModel();
    const generations = await generateTokens(model, prompts, { maxNewTokens: 40 });
    for (const { tokenIds, finishReason, reachedContextLimit } of generations) {
      expect(finishReason).toBe(tokenIds.at(-1) === 2 ? "stop" : "length");
      expect(reachedContextLimit).toBe(false);
    }
    const [whole] = await generateTokens(model, prompts, { maxNewTokens: 100, eosTokenIds: [] });
    expect(whole).toMatchObject({ finishReason: "length", reachedContextLimit: true });
    expect(whole!.tokenIds).toHaveLength(64 - 5);
    const stopped = await generateTokens(model, prompts, {
      eosTokenIds: [],
      shouldStop: async (continuation, promptIndex) => continuation.length === promptIndex + 1,
    });
    expect(stopped.map(({ tokenIds }) => tokenIds.length)).toEqual([1, 2, 3, 4, 5]);
    expect(stopped.map(({ finishReason }) => finishReason)).toEqual(new Array(5).fill("stop"));
  });

  it("samples the same tokens in any batch, and others for another seed", async () => {
    const model = randomModel();
    const sample = async (batchSize: number, seed: number) => {
      const options = { temperature: 1, topP: 0.95, maxNewTokens: 20, batchSize, seed };
      return (await generateTokens(model, prompts, options)).map(({ tokenIds }) => tokenIds);
    };
    const expected = await sample(5, 1);
    expect(await sample(1, 1)).toEqual(expected);
    expect(await sample(2, 1)).toEqual(expected);
    expect(await sample(5, 2)).not.toEqual(expected);
  });

  it("repeats no token under a strong repetition penalty", async () => {
    const model = randomModel();
    const options = { repetitionPenalty: 1e6, maxNewTokens: 15, eosTokenIds: [] };
    for (const [index, { tokenIds }] of (await generateTokens(model, prompts, options)).entries()) {
      const all = [...prompts[index]!, ...tokenIds];
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it("holds the same number of tensors at every step and none at the end, also when it fails", async () => {
    const model = randomModel();
    const before = liveTensorCount();
    const counts = new Set<number>();
    await generateTokens(model, prompts.slice(0, 2), {
      maxNewTokens: 30,
      eosTokenIds: [],
      shouldStop: () => {
        counts.add(liveTensorCount());
        return false;
      },
    });
    expect(counts.size).toBe(1);
    expect(liveTensorCount()).toBe(before);
    // Rows leave the batch one after another.
    await generateTokens(model, prompts, { maxNewTokens: 8, shouldStop: (ids, index) => ids.length > index });
    expect(liveTensorCount()).toBe(before);
    const failing = generateTokens(model, prompts, {
      shouldStop: () => {
        throw new Error("no more");
      },
    });
    await expect(failing).rejects.toThrow("no more");
    expect(liveTensorCount()).toBe(before);
  });

  it("continues over many blocks", async () => {
    const model = randomModel({ max_position_embeddings: 1024 });
    const options = { maxNewTokens: 600, eosTokenIds: [] };
    const [generation] = await generateTokens(model, [prompts[0]!], options);
    expect(generation!.tokenIds).toHaveLength(600);
    const text = Int32Array.from([...prompts[0]!, ...generation!.tokenIds.slice(0, 599)]);
    const last = uncached(model, text, 1, []);
    expect(last).toEqual(generation!.tokenIds.slice(599));
  });

  it("refuses prompts that are empty, too long, or not of the vocabulary", async () => {
    const model = randomModel();
    const of = (...ids: number[]) => generateTokens(model, [Int32Array.from(ids)]);
    await expect(of()).rejects.toMatchObject({ code: "PROMPT_EMPTY" });
    await expect(of(...new Array(64).fill(3))).rejects.toThrow(
      /prompt 1 of 1 has 64 tokens, but the model's context holds 64/,
    );
    await expect(of(3, 40)).rejects.toMatchObject({ code: "TOKEN_UNKNOWN" });
    await expect(of(-1)).rejects.toMatchObject({ code: "TOKEN_UNKNOWN" });
    expect(await generateTokens(model, [])).toEqual([]);
  });
});

describe.skipIf(!hasShared)("generateTokens against references", () => {
  it.each(["stories260k", "tinystories-656k"])("continues as the numpy reference does: %s", async (name) => {
    const folder = shared(`models/${name}`);
    const model = await loadModel(folder);
    opened.push(model);
    const reference = JSON.parse(await readFile(`${folder}/reference.json`, "utf8"));
    const inputIds: number[] = reference.input_ids;
    const greedyIds: number[] = reference.greedy_ids;
    const prompt = Int32Array.from(inputIds);
    const maxNewTokens = greedyIds.length - inputIds.length;
    const [generation] = await generateTokens(model, [prompt], { maxNewTokens, eosTokenIds: [] });
    expect([...inputIds, ...generation!.tokenIds]).toEqual(greedyIds);
  });
});
