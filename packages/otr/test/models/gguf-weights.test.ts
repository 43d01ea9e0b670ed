import { readFileSync } from "node:fs";
import { join } from "node:path";
import { liveTensorCount, noGrad, readSafetensors, scope } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openGgufWeights } from "../../src/models/gguf-weights.js";
import { packRows } from "../../src/models/packed-rows.js";
import { isModelType } from "../../src/config/model-types.js";
import { saveModel } from "../../src/models/save-model.js";
import { reference } from "../gguf/references.js";
import { type TensorContent, value, writeGguf } from "../gguf/write-gguf.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { relativeError } from "./relative-error.js";

const { folder, path, load } = modelWorkspace();
beforeEach(() => void vi.stubEnv("XDG_CACHE_HOME", join(folder(), "cache")));
afterEach(() => void vi.unstubAllEnvs());

/** The families of the files, by the names that `test/peers/make_gguf.py` has for them. */
const MODELS = {
  llama: "llama",
  qwen2: "qwen2",
  qwen3: "qwen3",
  gemma: "gemma",
  gemma2: "gemma2",
  gemma3: "gemma3_text",
};

describe("a model from GGUF", () => {
  it.each(Object.entries(MODELS).filter(([, type]) => isModelType(type)))(
    "computes what transformers computes from the same weights: %s",
    async (name) => {
      const model = await load(reference(`${name}.gguf`), { dtype: "float32" });
      using expected = readSafetensors(reference("models.safetensors"));
      const error = scope(() =>
        noGrad(() => {
          const ids = expected.tensors.get(`${name}.input_ids`)!.toArray();
          const hidden = model.forward(packRows([{ inputIds: Int32Array.from(ids) }]));
          const logits = model.logits(hidden.narrow(0, ids.length - 3, 3));
          return relativeError(logits, expected.tensors.get(`${name}.logits`)!);
        }),
      );
      expect(error).toBeLessThan(1e-5);
    },
  );

  it("is held in the dtype of its weights: bfloat16 where they are quantised", async () => {
    expect((await load(reference("llama.gguf"))).dtype).toBe("bfloat16");
    expect((await load(reference("qwen3.gguf"))).dtype).toBe("float16");
  });

  it("is saved as an ordinary folder, which computes the same", async () => {
    const source = reference("qwen2.gguf");
    const model = await load(source, { dtype: "float32" });
    await saveModel(model, path("saved"), { sourceFolder: source, dtype: "float32" });
    const saved = await load(path("saved"));
    expect(logitsOf(saved)).toEqual(logitsOf(model));
    expect(saved.eosTokenIds).toEqual(model.eosTokenIds);
    expect(JSON.parse(readFileSync(path("saved/config.json"), "utf8"))).toMatchObject({
      architectures: ["Qwen2ForCausalLM"],
      model_type: "qwen2",
      dtype: "float32",
    });
    expect(readFileSync(path("saved/chat_template.jinja"), "utf8")).toContain("<|im_start|>");
  });

  it("leaves no tensors behind but its parameters", async () => {
    const before = liveTensorCount();
    const model = await load(reference("llama.gguf"));
    expect(liveTensorCount() - before).toBe(model.parameters.size);
  });
});

describe("openGgufWeights", () => {
  const data = (...shape: number[]) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => index);
  const open = (architecture: string, tensors: readonly TensorContent[]) => {
    const metadata = {
      "general.architecture": value.string(architecture),
      [`${architecture}.attention.head_count`]: value.uint32(2),
      [`${architecture}.attention.head_count_kv`]: value.uint32(1),
    };
    writeGguf(path("weights.gguf"), { metadata, tensors });
    return openGgufWeights(path("weights.gguf")).tensors;
  };
  const values = (tensors: ReturnType<typeof open>, name: string) =>
    scope(() => tensors.get(name)!.load().toArray());

  it("has the names of transformers, and keeps those that it does not know", () => {
    const named = (name: string) => ({ name, dimensions: [4], data: data(4) });
    const tensors = open("gemma3", [
      ...["token_embd.weight", "output_norm.weight", "output.weight", "rope_freqs.weight"].map(named),
      ...["attn_q", "attn_k_norm", "attn_output", "post_attention_norm", "ffn_norm", "post_ffw_norm"].map(
        (module) => named(`blk.11.${module}.weight`),
      ),
      named("blk.0.ffn_gate_exps.weight"),
      named("blk.0.constructor.weight"),
    ]);
    expect([...tensors.keys()]).toEqual([
      "model.embed_tokens.weight",
      "model.norm.weight",
      "lm_head.weight",
      "model.layers.11.self_attn.q_proj.weight",
      "model.layers.11.self_attn.k_norm.weight",
      "model.layers.11.self_attn.o_proj.weight",
      "model.layers.11.post_attention_layernorm.weight",
      "model.layers.11.pre_feedforward_layernorm.weight",
      "model.layers.11.post_feedforward_layernorm.weight",
      "blk.0.ffn_gate_exps.weight",
      "blk.0.constructor.weight",
    ]);
  });

  it("puts the rows of Llama's queries and keys into the order of halves, those of others not", () => {
    const projections = [
      { name: "blk.0.attn_q.weight", dimensions: [1, 8], data: data(8) },
      { name: "blk.0.attn_q.bias", dimensions: [8], data: data(8) },
      { name: "blk.0.attn_k.weight", dimensions: [2, 4], data: data(8) },
      { name: "blk.0.attn_v.weight", dimensions: [2, 4], data: data(8) },
    ];
    const llama = open("llama", projections);
    const attention = "model.layers.0.self_attn";
    expect(values(llama, `${attention}.q_proj.weight`)).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
    expect(values(llama, `${attention}.q_proj.bias`)).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
    expect(values(llama, `${attention}.k_proj.weight`)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
    expect(values(llama, `${attention}.v_proj.weight`)).toEqual([...data(8)]);
    expect(values(open("qwen2", projections), `${attention}.q_proj.weight`)).toEqual([...data(8)]);
  });

  it("takes from the weights of Gemma's norms what was added to them", () => {
    const norm = { name: "blk.0.attn_norm.weight", dimensions: [3], data: data(3) };
    expect(values(open("gemma", [norm]), "model.layers.0.input_layernorm.weight")).toEqual([-1, 0, 1]);
    expect(values(open("llama", [norm]), "model.layers.0.input_layernorm.weight")).toEqual([0, 1, 2]);
  });
});
