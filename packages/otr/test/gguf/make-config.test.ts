import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeConfig } from "../../src/gguf/make-config.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { reference } from "./references.js";
import { type TensorContent, type Value, value, writeGguf } from "./write-gguf.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const common = {
  hidden_size: 32,
  intermediate_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-6,
};
const windows = {
  head_dim: 16,
  sliding_window: 8,
  query_pre_attn_scalar: 16,
  hidden_activation: "gelu_pytorch_tanh",
};

describe("makeConfig", () => {
  it.each<[string, Record<string, unknown>]>([
    [
      "llama",
      {
        architectures: ["LlamaForCausalLM"],
        model_type: "llama",
        rms_norm_eps: 1e-5,
        head_dim: 16,
        hidden_act: "silu",
        attention_bias: false,
        mlp_bias: false,
        tie_word_embeddings: false,
        rope_theta: 500000,
        rope_scaling: {
          rope_type: "llama3",
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 8192,
        },
        bos_token_id: 1,
        eos_token_id: 2,
        pad_token_id: null,
        vocab_size: 330,
        dtype: "bfloat16",
      },
    ],
    [
      "qwen2",
      {
        architectures: ["Qwen2ForCausalLM"],
        model_type: "qwen2",
        head_dim: 8,
        tie_word_embeddings: true,
        rope_theta: 10000,
        rope_scaling: null,
      },
    ],
    [
      "qwen3",
      {
        architectures: ["Qwen3ForCausalLM"],
        model_type: "qwen3",
        head_dim: 16,
        attention_bias: false,
        dtype: "float16",
      },
    ],
    [
      "gemma",
      {
        architectures: ["GemmaForCausalLM"],
        model_type: "gemma",
        head_dim: 16,
        hidden_activation: "gelu_pytorch_tanh",
        rope_theta: 10000,
      },
    ],
    [
      "gemma2",
      {
        ...windows,
        architectures: ["Gemma2ForCausalLM"],
        model_type: "gemma2",
        layer_types: ["sliding_attention", "full_attention"],
        attn_logit_softcapping: 50,
        final_logit_softcapping: 30,
        rope_theta: 10000,
      },
    ],
    [
      "gemma3",
      {
        ...windows,
        architectures: ["Gemma3ForCausalLM"],
        model_type: "gemma3_text",
        layer_types: ["sliding_attention", "sliding_attention"],
        rope_theta: 1e6,
        rope_local_base_freq: 10000,
        final_logit_softcapping: null,
      },
    ],
  ])("has the fields of transformers for %s", (name, expected) => {
    expect(makeConfig(readGguf(reference(`${name}.gguf`)))).toMatchObject({ ...common, ...expected });
  });

  const metadata: Record<string, Value> = {
    "general.architecture": value.string("llama"),
    "llama.block_count": value.uint32(1),
    "llama.context_length": value.uint32(16),
    "llama.embedding_length": value.uint32(8),
    "llama.feed_forward_length": value.int32s([4]),
    "llama.attention.head_count": value.uint32(2),
    "llama.attention.layer_norm_rms_epsilon": value.float32(1e-6),
  };
  const tensors: TensorContent[] = [
    { name: "token_embd.weight", dimensions: [8, 3], data: new Float32Array(24) },
    { name: "blk.0.attn_q.weight", dimensions: [8, 8], data: new Float32Array(64) },
  ];
  const config = (changes: Record<string, Value>, more: readonly TensorContent[] = [], kept = tensors) => {
    const path = join(folder, "model.gguf");
    writeGguf(path, { metadata: { ...metadata, ...changes }, tensors: [...kept, ...more] });
    return makeConfig(readGguf(path));
  };

  it("reads older files, which leave out what follows from the rest", () => {
    expect(config({})).toMatchObject({
      num_key_value_heads: 2,
      head_dim: 4,
      rope_theta: 10000,
      rope_scaling: null,
      tie_word_embeddings: true,
      intermediate_size: 4,
      dtype: "float32",
    });
  });

  it("reads biases and scaled rotations", () => {
    const bias = { name: "blk.0.attn_q.bias", dimensions: [8], data: new Float32Array(8) };
    expect(config({}, [bias])).toMatchObject({ attention_bias: true, mlp_bias: false });
    const linear = { "llama.rope.scale_linear": value.float32(4) };
    expect(config(linear)).toMatchObject({ rope_scaling: { rope_type: "linear", factor: 4 } });
    const yarn = {
      "llama.rope.scaling.type": value.string("yarn"),
      "llama.rope.scaling.factor": value.float32(4),
      "llama.rope.scaling.original_context_length": value.uint32(8),
    };
    expect(config(yarn)).toMatchObject({
      rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 8 },
    });
    const more = {
      "llama.rope.scaling.yarn_beta_fast": value.float32(16),
      "llama.rope.scaling.yarn_beta_slow": value.float32(2),
      "llama.rope.scaling.yarn_attn_factor": value.float32(1),
      "llama.rope.scaling.yarn_ext_factor": value.float32(-1),
    };
    expect(config({ ...yarn, ...more }).rope_scaling).toEqual({
      ...{ rope_type: "yarn", factor: 4, original_max_position_embeddings: 8 },
      ...{ beta_fast: 16, beta_slow: 2 },
    });
    for (const key of ["attn_factor", "yarn_attn_factor", "yarn_ext_factor", "yarn_log_multiplier"]) {
      const factor = { [`llama.rope.scaling.${key}`]: value.float32(0.5) };
      expect(() => config({ ...yarn, ...factor })).toThrow(
        `its rope.scaling.${key} is 0.5, which is not read`,
      );
    }
  });

  const factors = (numbers: number[]) => [
    { name: "rope_freqs.weight", dimensions: [numbers.length], data: Float32Array.from(numbers) },
  ];
  it.each<[string, Record<string, Value>, RegExp, TensorContent[]?, TensorContent[]?]>([
    [
      "another architecture",
      { "general.architecture": value.string("mamba") },
      /architecture is "mamba"; GGUF files of these are read: llama, qwen2, qwen3, gemma, gemma2, gemma3/,
    ],
    ["an adapter", { "general.type": value.string("adapter") }, /it is no model, but of the type "adapter"/],
    [
      "NaN",
      { "llama.attention.layer_norm_rms_epsilon": value.float32(Number.NaN) },
      /rms_epsilon is NaN, not a finite/,
    ],
    [
      "another kind of value",
      { "llama.block_count": value.string("one") },
      /llama.block_count is "one", not a number/,
    ],
    [
      "a mixture of experts",
      { "llama.expert_count": value.uint32(8) },
      /mixture of experts, which is not read from GGUF/,
    ],
    [
      "heads rotated in part",
      { "llama.rope.dimension_count": value.uint32(2) },
      /rotates 2 of the 4 numbers of a head/,
    ],
    [
      "another head size",
      { "llama.attention.key_length": value.uint32(3) },
      /has 8 rows, which are no 2 heads of 3 numbers/,
    ],
    [
      "layers of different sizes",
      { "llama.feed_forward_length": value.int32s([4, 8]) },
      /not one number, the same for every layer/,
    ],
    [
      "layers by the million",
      { "llama.block_count": value.uint32(2 ** 31) },
      /2147483648 layers, with 2 tensors in all/,
    ],
    [
      "another scaling",
      { "llama.rope.scaling.type": value.string("longrope") },
      /rope.scaling.type is "longrope"/,
    ],
    ["other factors", {}, /do not follow Llama 3's rule/, factors([1, 2])],
    ["too many factors", {}, /rope_freqs.weight has 3 factors for heads of 4 numbers/, factors([1, 2, 3])],
    ["no embedding", {}, /lacks the tensor token_embd.weight/, [], tensors.slice(1)],
    ["no queries", {}, /lacks the tensor blk.0.attn_q.weight/, [], tensors.slice(0, 1)],
  ])("refuses %s", (_, changes, message, more, kept) => {
    expect(() => config(changes, more, kept)).toThrow(message);
  });
});
