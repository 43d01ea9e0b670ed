import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/errors.js";
import { parseModelConfig, readModelConfig } from "../../src/models/model-config.js";
import { decoderSpecOf, modelFamily } from "../../src/models/registry.js";
import { tinyConfig } from "./tiny-config.js";

const specOf = (changes: Record<string, unknown>) => decoderSpecOf(parseModelConfig(tinyConfig(changes)));

describe("parseModelConfig", () => {
  it("fills in the defaults of transformers", () => {
    const config = parseModelConfig(
      tinyConfig({ num_key_value_heads: null, tie_word_embeddings: undefined }),
    );
    expect(config).toMatchObject({
      numKeyValueHeads: 4,
      tieWordEmbeddings: null,
      hiddenActivation: null,
      partialRotaryFactor: 1,
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
    [{ attention_dropout: 0.1 }, /attention_dropout is 0.1/],
    [{ rope_scaling: { rope_type: "ntk", factor: 4 } }, /rope type "ntk"/],
    [{ rope_scaling: { rope_type: "longrope", short_factor: [1] } }, /long_factor/],
    [{ partial_rotary_factor: 1.5 }, /partial_rotary_factor is 1.5/],
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
    const parse = () =>
      parseModelConfig(tinyConfig({ attention_dropout: 0.5, head_dim: 3 }), "m/config.json");
    expect(parse).toThrow(/^m\/config.json: attention_dropout[^\n]*\nm\/config.json: head_dim/);
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
    expect(() => modelFamily("mamba")).toThrow(
      /"mamba" is not supported.*llama, mistral, mixtral, qwen2, qwen3, qwen3_moe/,
    );
  });

  it("gives each family its biases, norms and head size", () => {
    expect(specOf({ attention_bias: true, mlp_bias: true })).toMatchObject({
      queryKeyValueBias: true,
      attentionOutputBias: true,
      mlpBias: true,
      queryKeyNorm: "none",
      headDim: 4,
    });
    expect(specOf({ model_type: "qwen2" })).toMatchObject({
      queryKeyValueBias: true,
      attentionOutputBias: false,
      queryKeyNorm: "none",
      headDim: 4,
    });
    expect(specOf({ model_type: "qwen3" })).toMatchObject({
      queryKeyValueBias: false,
      queryKeyNorm: "head",
      headDim: 128,
    });
  });

  const windowsOf = (changes: Record<string, unknown>) => specOf(changes).layers.map(({ window }) => window);

  it.each(["qwen2", "qwen3"])("gives %s windows where they are in use, and only then", (model_type) => {
    const window = { model_type, use_sliding_window: true, sliding_window: 8 };
    expect(windowsOf({ ...window, max_window_layers: 1 })).toEqual([0, 8]);
    const layer_types = ["sliding_attention", "full_attention"];
    expect(windowsOf({ ...window, layer_types })).toEqual([8, 0]);
    expect(windowsOf({ ...window, max_window_layers: 2 })).toEqual([0, 0]);
    expect(windowsOf({ ...window, use_sliding_window: false, layer_types })).toEqual([0, 0]);
  });

  it("knows the windows of each family where the file leaves them out", () => {
    expect(windowsOf({ model_type: "mistral" })).toEqual([4096, 4096]);
    expect(windowsOf({ model_type: "mistral", sliding_window: null })).toEqual([0, 0]);
    expect(windowsOf({ model_type: "gemma2", head_dim: 4 })).toEqual([4096, 0]);
    const gemma3 = { model_type: "gemma3_text", head_dim: 4, num_hidden_layers: 7, sliding_window: 5 };
    expect(windowsOf(gemma3)).toEqual([5, 5, 5, 5, 5, 0, 5]);
    expect(windowsOf({ ...gemma3, sliding_window_pattern: 2 })).toEqual([5, 0, 5, 0, 5, 0, 5]);
    expect(windowsOf({ model_type: "phi3" })).toEqual([0, 0]);
    expect(windowsOf({ model_type: "llama", sliding_window: 5 })).toEqual([0, 0]);
  });

  it("reads Gemma 3's two rotations in the older and the newer spelling alike", () => {
    const sizes = {
      model_type: "gemma3_text",
      head_dim: 4,
      layer_types: ["sliding_attention", "full_attention"],
    };
    const scaling = { rope_type: "linear", factor: 8 };
    const older = specOf({ ...sizes, rope_theta: 5e5, rope_local_base_freq: 2e4, rope_scaling: scaling });
    const newer = specOf({
      ...sizes,
      rope_parameters: {
        full_attention: { ...scaling, rope_theta: 5e5 },
        sliding_attention: { rope_type: "default", rope_theta: 2e4 },
      },
    });
    expect(older.layers).toEqual(newer.layers);
    expect(older.layers.map(({ rope }) => rope)).toEqual([
      { type: "default", theta: 2e4 },
      { type: "linear", theta: 5e5, factor: 8 },
    ]);
    expect(() => specOf({ ...sizes, rope_scaling: { rope_type: "spiral" } })).toThrow(DataError);
  });

  it("rotates no fourth layer of SmolLM 3", () => {
    const rotates = (changes: object) =>
      specOf({ model_type: "smollm3", num_hidden_layers: 5, ...changes }).layers.map(
        ({ rope }) => rope !== null,
      );
    expect(rotates({})).toEqual([true, true, true, false, true]);
    expect(rotates({ no_rope_layers: [0, 1, 1, 1, 0] })).toEqual([false, true, true, true, false]);
    expect(rotates({ no_rope_layer_interval: 2 })).toEqual([true, false, true, false, true]);
  });

  it("takes older files' gelu of Gemma for what it means, and no one else's", () => {
    for (const changes of [{}, { hidden_act: "gelu" }, { hidden_activation: "gelu_pytorch_tanh" }]) {
      expect(specOf({ model_type: "gemma", ...changes }).activation).toBe("gelu_tanh");
    }
    expect(() => specOf({ hidden_act: "gelu" })).toThrow(/the activation is "gelu"/);
  });

  it.each([
    [{ model_type: "qwen2", layer_types: ["full_attention"] }, /layer_types has 1 entries for 2 layers/],
    [{ model_type: "qwen2", layer_types: ["full_attention", "chunked_attention"] }, /"chunked_attention"/],
    [{ model_type: "qwen2", layer_types: [1, 2] }, /layer_types is \[1,2\]/],
    [{ model_type: "mistral", sliding_window: -1 }, /sliding_window is -1/],
    [{ model_type: "gemma2", attn_logit_softcapping: 0 }, /attn_logit_softcapping is 0/],
    [{ model_type: "granite", logits_scaling: "a" }, /logits_scaling is "a"/],
    [{ model_type: "phi3", partial_rotary_factor: 0.3 }, /so 1 of the 4 elements of a head/],
  ])("refuse %o", (changes, message) => {
    expect(() => specOf(changes)).toThrow(DataError);
    expect(() => specOf(changes)).toThrow(message);
  });

  it("lists no more parameters than any model has", () => {
    const mixture = { model_type: "mixtral", num_experts_per_tok: 1 };
    expect(specOf({ ...mixture, num_hidden_layers: 100, num_local_experts: 500 }).layers).toHaveLength(100);
    const start = performance.now();
    expect(() => specOf({ ...mixture, num_hidden_layers: 10_000, num_local_experts: 10_000 })).toThrow(
      /describes 100,000,000 feed-forward networks in 10,000 layers, more than any model has/,
    );
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("says once of a long list that its elements are wrong, and in few words", () => {
    const start = performance.now();
    const config = tinyConfig({ model_type: "mistral", layer_types: Array(50_000).fill(0) });
    expect(() => decoderSpecOf(parseModelConfig(config))).toThrow(/^config: layer_types is \[0,0.{1,200}$/);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("knows a padding token only where the vocabulary has it", () => {
    expect(specOf({ pad_token_id: 3 }).padTokenId).toBe(3);
    expect(specOf({ pad_token_id: -1 }).padTokenId).toBeNull();
    expect(specOf({ pad_token_id: 19 }).padTokenId).toBeNull();
  });
});
