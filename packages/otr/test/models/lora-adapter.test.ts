import { fileURLToPath } from "node:url";
import { aten, liveTensorCount, noGrad, readSafetensors, scope, type Tensor, tensor } from "@one-token/torch";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadAdapter, readAdapterConfig, saveAdapter } from "../../src/models/adapter-files.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { loadModel } from "../../src/models/load-model.js";
import { createAdapter } from "../../src/models/lora-adapter.js";
import type { LoraConfig } from "../../src/models/lora-config.js";
import { mergeAdapter } from "../../src/models/merge-adapter.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { quantizeModel } from "../../src/models/quantize-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { relativeError } from "./relative-error.js";
import { tinyConfig } from "./tiny-config.js";

const reference = (path: string) => fileURLToPath(new URL(`../references/${path}`, import.meta.url));
const { path, folder } = modelWorkspace();

const opened: { dispose(): void }[] = [];
const track = <T extends { dispose(): void }>(owner: T): T => {
  opened.push(owner);
  return owner;
};
afterEach(() => {
  for (const owner of opened.splice(0)) owner.dispose();
});

const PLAIN: LoraConfig = {
  rank: 2,
  alpha: 4,
  dropout: 0,
  targetModules: "all-linear",
  modulesToSave: [],
  useRslora: false,
  useDora: false,
};

/** A base model of transformers, with an adapter of PEFT. */
async function openReference(name: string) {
  const adapterFolder = reference(`adapters/${name}`);
  const { baseModel } = await readAdapterConfig(adapterFolder);
  const model = track(await loadModel(reference(`architectures/${baseModel}`)));
  model.adapter = track(await loadAdapter(model, adapterFolder, { trainable: true }));
  const expected = track(readSafetensors(`${adapterFolder}/reference.safetensors`)).tensors;
  return { model, adapter: model.adapter, expected, adapterFolder };
}

function logits(model: CausalLM, inputIds: Tensor): Tensor {
  return model.logits(model.forward(packRows([{ inputIds: Int32Array.from(inputIds.toArray()) }])));
}

/** Mean cross entropy of the next token. */
function nextTokenLoss(model: CausalLM, inputIds: Tensor): Tensor {
  const targets = tensor(inputIds.toArray().slice(1), { dtype: "int64" });
  return aten.cross_entropy_loss(logits(model, inputIds).narrow(0, 0, targets.shape[0]!), targets);
}

/** PEFT stores frozen embeddings and heads beside their pairs. */
const isOfAdapter = (key: string) => !key.includes(".base_layer.");

describe.each([
  "lora",
  "rslora_saved",
  "dora",
  "saved_embedding",
  "fused",
  "tied_vocabulary",
  "scaled_vocabulary",
  "patterns",
  "experts_mixtral",
  "experts_qwen3",
])("%s of PEFT", (name) => {
  it("gives the same logits, loss and gradients", async () => {
    const { model, adapter, expected } = await openReference(name);
    scope(() => {
      const inputIds = expected.get("input_ids")!;
      noGrad(() => {
        expect(relativeError(logits(model, inputIds), expected.get("logits")!.squeeze(0))).toBeLessThan(1e-5);
      });
      // PEFT fuses the pairs of experts: their gradients are those of another layout.
      if (!expected.has("loss")) return;
      const loss = nextTokenLoss(model, inputIds);
      loss.backward();
      expect(relativeError(loss, expected.get("loss")!)).toBeLessThan(1e-5);
      const wanted = [...expected.keys()].filter((key) => key.startsWith("gradient."));
      expect(wanted.sort()).toEqual(
        [...adapter.parameters.keys()].map((key) => `gradient.base_model.model.${key}`).sort(),
      );
      for (const [key, { grad }] of adapter.parameters) {
        expect(relativeError(grad!, expected.get(`gradient.base_model.model.${key}`)!), key).toBeLessThan(
          1e-5,
        );
      }
      for (const [key, parameter] of model.parameters) expect(parameter.grad, key).toBeNull();
    });
  });

  it("is written as it was read", async () => {
    const { adapter, adapterFolder } = await openReference(name);
    const { baseModel, baseRevision, ...config } = await readAdapterConfig(adapterFolder);
    await saveAdapter(adapter, folder(), baseModel!, baseRevision);
    const { targetModules, ...written } = await readAdapterConfig(folder());
    expect(written).toEqual({ ...config, baseModel, baseRevision, targetModules: undefined });
    expect([targetModules].flat().sort()).toEqual([config.targetModules].flat().sort());
    const before = track(readSafetensors(`${adapterFolder}/adapter_model.safetensors`)).tensors;
    const after = track(readSafetensors(path("adapter_model.safetensors"))).tensors;
    expect([...after.keys()].sort()).toEqual([...before.keys()].filter(isOfAdapter).sort());
    scope(() => {
      for (const [key, value] of after) expect(aten.equal(value, before.get(key)!), key).toBe(true);
    });
  });

  it("can be merged: the model alone then gives the same logits", async () => {
    const { model, adapter, expected } = await openReference(name);
    const before = liveTensorCount() - model.parameters.size;
    const merged = track(mergeAdapter(model, adapter));
    expect(liveTensorCount()).toBe(before + merged.parameters.size);
    opened.splice(opened.indexOf(model), 1);
    scope(() =>
      noGrad(() => {
        const actual = logits(merged, expected.get("input_ids")!);
        expect(relativeError(actual, expected.get("logits")!.squeeze(0))).toBeLessThan(1e-5);
      }),
    );
  });
});

describe("createAdapter", () => {
  const model = (changes = {}) =>
    track(initModel(parseModelConfig(tinyConfig(changes)), { seed: 3, trainable: false }));

  it.each([false, true])("changes nothing at first (DoRA: %s), and leaks nothing", (useDora) => {
    const base = model({ tie_word_embeddings: false });
    const expected = logitsOf(base);
    const before = liveTensorCount();
    const adapter = createAdapter(base, { ...PLAIN, useDora, modulesToSave: ["lm_head"] }, 1, "options");
    base.adapter = adapter;
    const actual = logitsOf(base);
    for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index]!, 6);
    expect(liveTensorCount()).toBe(before + adapter.parameters.size);
    adapter.dispose();
    expect(liveTensorCount()).toBe(before);
  });

  it.each([
    { vocabSize: 19, modulesToSave: ["lm_head"] },
    { vocabSize: 22, modulesToSave: ["embed_tokens", "lm_head"] },
  ])("frees what it has made where a later part fails: %j", ({ vocabSize, modulesToSave }) => {
    const base = model();
    const before = liveTensorCount();
    const broken = { ...PLAIN, useDora: true, modulesToSave };
    const dense = vi.spyOn(base, "denseWeight").mockImplementation((name) => {
      if (name === "model.embed_tokens.weight") throw new Error("no memory");
      return base.parameters.get(name)!.detach();
    });
    expect(() => createAdapter(base, broken, 1, "options", vocabSize)).toThrow("no memory");
    dense.mockRestore();
    expect(liveTensorCount()).toBe(before);
  });

  it.each([true, false])("changes nothing at first beside embedding and head (tied: %s)", (tied) => {
    const base = model({ tie_word_embeddings: tied });
    const expected = logitsOf(base);
    const targetModules = ["embed_tokens", "lm_head", "q_proj"];
    base.adapter = track(createAdapter(base, { ...PLAIN, targetModules }, 1, "options"));
    expect(logitsOf(base)).toEqual(expected);
  });

  it.each([true, false])("has mean rows for new tokens, which merging keeps (tied: %s)", (tied) => {
    const base = initModel(parseModelConfig(tinyConfig({ tie_word_embeddings: tied })), {
      seed: 3,
      trainable: false,
    });
    const old = logitsOf(base);
    const config = { ...PLAIN, modulesToSave: ["embed_tokens", "lm_head"] };
    base.adapter = track(createAdapter(base, config, 1, "options", 22));
    expect([base.vocabSize, base.spec.vocabSize]).toEqual([22, 19]);
    const grown = logitsOf(base);
    for (let token = 0; token < 4; token++) {
      const [before, after] = [
        old.slice(19 * token, 19 * token + 19),
        grown.slice(22 * token, 22 * token + 22),
      ];
      const mean = before.reduce((sum, value) => sum + value, 0) / 19;
      for (const [id, value] of after.entries()) expect(value).toBeCloseTo(before[id] ?? mean, 5);
    }
    const merged = track(mergeAdapter(base, base.adapter));
    expect(merged.config).toMatchObject({ vocabSize: 22, tieWordEmbeddings: false });
    expect(merged.config.raw).toMatchObject({ vocab_size: 22 });
    for (const [index, value] of logitsOf(merged).entries()) expect(value).toBeCloseTo(grown[index]!, 6);
  });

  it("draws A from its seed, uniform in +-1/sqrt(inputs), and makes B zero", () => {
    const base = model();
    const [first, again, other] = [1, 1, 2].map((seed) => track(createAdapter(base, PLAIN, seed, "options")));
    const name = "model.layers.1.mlp.down_proj.lora_A.weight";
    const values = first!.parameters.get(name)!.detach().toArray();
    expect(values).toEqual(again!.parameters.get(name)!.detach().toArray());
    expect(values).not.toEqual(other!.parameters.get(name)!.detach().toArray());
    const bound = 24 ** -0.5;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.8 * bound);
    const up = first!.parameters.get("model.layers.1.mlp.down_proj.lora_B.weight")!.detach().toArray();
    expect(new Set(up)).toEqual(new Set([0]));
  });

  it("computes where the model is and in its dtype, whatever it trains", async () => {
    const base = track(
      initModel(parseModelConfig(tinyConfig()), { seed: 3, trainable: false, dtype: "bfloat16" }),
    );
    base.adapter = track(createAdapter(base, { ...PLAIN, modulesToSave: ["embed_tokens"] }, 1, "options"));
    expect(base.dtype).toBe("bfloat16");
  });

  it("is not merged into a model in few bits, nor is that saved", async () => {
    const whole = initModel(parseModelConfig(tinyConfig({ hidden_size: 64 })), { seed: 3, trainable: false });
    const quantized = track(quantizeModel(whole, { format: "nf4", nested: false }));
    const adapter = track(createAdapter(quantized, PLAIN, 1, "options"));
    expect(() => mergeAdapter(quantized, adapter)).toThrow(/held in few bits cannot be merged/);
    await expect(saveModel(quantized, folder())).rejects.toMatchObject({ code: "MODEL_QUANTIZED" });
  });

  it("trains a tied head apart, and leaves the embedding", () => {
    const base = model();
    const adapter = track(createAdapter(base, { ...PLAIN, modulesToSave: ["lm_head"] }, 1, "options"));
    const expected = logitsOf(base);
    base.adapter = adapter;
    expect(logitsOf(base)).toEqual(expected);
    scope(() => noGrad(() => void adapter.parameters.get("lm_head.weight")!.mul_(2)));
    for (const [index, value] of logitsOf(base).entries()) expect(value).toBeCloseTo(2 * expected[index]!, 5);
  });
});
