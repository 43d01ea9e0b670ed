import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors.js";
import { parseModelConfig, readModelConfig } from "../../src/models/model-config.js";
import { modelFamily } from "../../src/models/registry.js";
import { tinyConfig } from "./tiny-config.js";

const specOf = (changes: Record<string, unknown>) => {
  const config = parseModelConfig(tinyConfig(changes));
  return modelFamily(config.modelType).decoderSpec(config);
};

describe("parseModelConfig", () => {
  it("fills in the defaults of transformers", () => {
    const config = parseModelConfig(
      tinyConfig({ num_key_value_heads: null, tie_word_embeddings: undefined }),
    );
    expect(config).toMatchObject({
      numKeyValueHeads: 4,
      tieWordEmbeddings: false,
      rmsNormEps: 1e-6,
      initializerRange: 0.02,
      rope: { type: "default", theta: 10_000 },
      eosTokenIds: [2],
      dtype: "float32",
    });
  });

  it("reads the older and the newer spelling of the rotary settings and of the dtype alike", () => {
    const llama3 = {
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 32,
    };
    const older = parseModelConfig(
      tinyConfig({
        rope_theta: 5e5,
        rope_scaling: { rope_type: "llama3", ...llama3 },
        dtype: undefined,
        torch_dtype: "bfloat16",
      }),
    );
    const newer = parseModelConfig(
      tinyConfig({ rope_parameters: { rope_type: "llama3", rope_theta: 5e5, ...llama3 }, dtype: "bfloat16" }),
    );
    expect(older.rope).toEqual(newer.rope);
    expect(older.rope).toEqual({
      type: "llama3",
      theta: 5e5,
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositionEmbeddings: 32,
    });
    expect([older.dtype, newer.dtype]).toEqual(["bfloat16", "bfloat16"]);
    const oldest = parseModelConfig(tinyConfig({ rope_scaling: { type: "linear", factor: 2 } }));
    expect(oldest.rope).toEqual({ type: "linear", theta: 10_000, factor: 2 });
  });

  it("keeps the whole file, unknown fields included", () => {
    expect(parseModelConfig(tinyConfig({ my_field: [1] })).raw).toEqual(tinyConfig({ my_field: [1] }));
  });

  it.each([
    [{ hidden_act: "gelu" }, /hidden_act is "gelu"/],
    [{ attention_dropout: 0.1 }, /attention_dropout is 0.1/],
    [{ rope_scaling: { rope_type: "yarn", factor: 4 } }, /rope type "yarn"/],
    [
      { rope_parameters: { rope_type: "default", partial_rotary_factor: 0.5 } },
      /partial_rotary_factor is 0.5/,
    ],
    [{ rope_scaling: { rope_type: "linear" } }, /factor/],
    [
      { rope_scaling: { rope_type: "llama3", factor: 8, low_freq_factor: 4, high_freq_factor: 1 } },
      /high_freq_factor must be greater/,
    ],
    [{ quantization_config: { bits: 4 } }, /quantised/],
    [{ dtype: "int8" }, /dtype is "int8"/],
    [{ num_key_value_heads: 3 }, /no multiple of num_key_value_heads/],
    [{ hidden_size: 18, head_dim: null }, /no multiple of num_attention_heads/],
    [{ head_dim: 7 }, /head_dim is 7/],
    [{ layer_types: ["full_attention"] }, /layer_types has 1 entries for 2 layers/],
    [{ hidden_size: -1 }, /hidden_size/],
    [{ vocab_size: 1e12 }, /vocab_size/],
    [{ num_hidden_layers: 1e9 }, /num_hidden_layers/],
    [{ rms_norm_eps: "1e-6" }, /rms_norm_eps/],
    [{ rope_theta: 0 }, /rope_theta/],
  ])("refuses %o", (changes, message) => {
    expect(() => parseModelConfig(tinyConfig(changes))).toThrow(DataError);
    expect(() => parseModelConfig(tinyConfig(changes))).toThrow(message);
  });

  it.each([
    [[], "holds a list, but must hold a JSON object"],
    [null, "holds null, but must hold a JSON object"],
    [
      tinyConfig({ hidden_size: -1.5 }),
      "hidden_size is -1.5, but must be a whole number above 0 and at most 2147483647",
    ],
    [
      tinyConfig({ vocab_size: undefined }),
      "vocab_size is missing; it must be a whole number above 0 and at most 2147483647",
    ],
    [
      tinyConfig({ eos_token_id: ["a", "b"] }),
      'eos_token_id is ["a","b"], but must be a whole number, a list of whole numbers or null',
    ],
    [tinyConfig({ rope_scaling: 3 }), "rope_scaling is 3, but must be an object or null"],
    [tinyConfig({ layer_types: [1, 2] }), "layer_types is [1,2], but must be a list of texts or null"],
    [
      tinyConfig({ rope_scaling: { rope_type: "linear", factor: 0.5 } }),
      "rotary embedding settings: factor is 0.5, but must be a number of at least 1",
    ],
  ])("says once what is wrong with %j", (raw, message) => {
    expect(() => parseModelConfig(raw, "config.json")).toThrow(
      new DataError("MODEL_CONFIG_INVALID", `config.json: ${message}`),
    );
  });

  it("reports all mistakes together, each with the file", () => {
    const parse = () => parseModelConfig(tinyConfig({ hidden_act: "relu", head_dim: 3 }), "m/config.json");
    expect(parse).toThrow(/^m\/config.json: hidden_act[^\n]*\nm\/config.json: head_dim/);
  });
});

describe("readModelConfig", () => {
  it("says what is wrong with a folder that holds no model", async () => {
    const folder = await mkdtemp(join(tmpdir(), "otr-"));
    await expect(readModelConfig(folder)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    await writeFile(join(folder, "config.json"), '{"a": 1,}');
    await expect(readModelConfig(folder)).rejects.toMatchObject({
      code: "MODEL_CONFIG_INVALID",
      message: expect.stringMatching(/config\.json: is not valid JSON \(.*position 8/),
    });
    await writeFile(join(folder, "config.json"), "[]");
    await expect(readModelConfig(folder)).rejects.toMatchObject({ code: "MODEL_CONFIG_INVALID" });
  });
});

describe("model families", () => {
  it("lists the supported types for one that is not", () => {
    expect(() => modelFamily("mamba")).toThrow(/"mamba" is not supported.*llama, qwen2, qwen3/);
  });

  it("gives each family its biases, norms and head size", () => {
    expect(specOf({ attention_bias: true, mlp_bias: true })).toMatchObject({
      queryKeyValueBias: true,
      attentionOutputBias: true,
      mlpBias: true,
      queryKeyNorm: false,
      headDim: 4,
    });
    expect(specOf({ model_type: "qwen2" })).toMatchObject({
      queryKeyValueBias: true,
      attentionOutputBias: false,
      queryKeyNorm: false,
      headDim: 4,
    });
    expect(specOf({ model_type: "qwen3" })).toMatchObject({
      queryKeyValueBias: false,
      queryKeyNorm: true,
      headDim: 128,
    });
  });

  it.each(["qwen2", "qwen3"])("refuses %s with a sliding window in use, and only then", (model_type) => {
    const window = { model_type, use_sliding_window: true, sliding_window: 8 };
    expect(() => specOf({ ...window, max_window_layers: 1 })).toThrow(/1 of 2 layers use sliding-window/);
    const layer_types = ["sliding_attention", "sliding_attention"];
    expect(() => specOf({ ...window, layer_types })).toThrow(/2 of 2 layers/);
    expect(() => specOf({ ...window, max_window_layers: 2 })).not.toThrow();
    expect(() => specOf({ ...window, use_sliding_window: false, layer_types })).not.toThrow();
  });

  it("knows a padding token only where the vocabulary has it", () => {
    expect(specOf({ pad_token_id: 3 }).padTokenId).toBe(3);
    expect(specOf({ pad_token_id: -1 }).padTokenId).toBeNull();
    expect(specOf({ pad_token_id: 19 }).padTokenId).toBeNull();
  });
});
