/** @file Makes the `config.json` of a model from the metadata of its GGUF file. */
import { architectureOf, type GgufArchitecture } from "./architectures.js";
import { ggufInvalid, ggufUnsupported } from "./gguf-error.js";
import { llama3RopeScaling } from "./llama3-rope.js";
import type { GgufFile, GgufTensor } from "./read-gguf.js";
import { tensorValues } from "./read-tensor.js";
import { specialTokenIds } from "./special-tokens.js";

type Fields = Record<string, unknown>;

/**
 * The content of `config.json`, with the names that transformers writes. What GGUF does not say and llama.cpp knows by
 * heart is filled in: Gemma's windows, scales and activation.
 *
 * @throws {DataError} `GGUF_INVALID` for keys and tensors that are missing, `GGUF_UNSUPPORTED`
 */
export function makeConfig(file: GgufFile): Fields {
  const architecture = architectureOf(file);
  const { path, metadata } = file;
  const required = (key: string) => metadata.requiredNumber(`${architecture.name}.${key}`);
  const heads = required("attention.head_count");
  const headDim = headSize(file, architecture, heads);
  const [vocabSize] = requiredTensor(file, "token_embd.weight").shape;
  const rotated = metadata.number(`${architecture.name}.rope.dimension_count`) ?? headDim;
  if (rotated !== headDim) {
    throw ggufUnsupported(
      path,
      `it rotates ${rotated} of the ${headDim} numbers of a head (rope.dimension_count)`,
      "heads that are rotated in part are not read from GGUF; give the Hugging Face folder",
    );
  }
  const layers = required("block_count");
  if (!Number.isInteger(layers) || layers > file.tensors.size) {
    throw ggufInvalid(path, `it says that it has ${layers} layers, with ${file.tensors.size} tensors in all`);
  }
  const special = specialTokenIds(file);
  return {
    architectures: [architecture.className],
    model_type: architecture.modelType,
    vocab_size: vocabSize,
    hidden_size: required("embedding_length"),
    intermediate_size: required("feed_forward_length"),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: metadata.number(`${architecture.name}.attention.head_count_kv`) ?? heads,
    head_dim: headDim,
    max_position_embeddings: required("context_length"),
    rms_norm_eps: float32AsWritten(required("attention.layer_norm_rms_epsilon")),
    tie_word_embeddings: !file.tensors.has("output.weight"),
    ...ropeFields(file, architecture, headDim),
    ...familyFields(file, architecture, { layers, heads, headDim }),
    bos_token_id: special.bos,
    eos_token_id: special.eos,
    pad_token_id: special.pad,
    dtype: mainDType(file),
  };
}

function requiredTensor({ path, tensors }: GgufFile, name: string): GgufTensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  throw ggufInvalid(path, `it lacks the tensor ${name}`);
}

/** Numbers of a head. Older files say it by the shape of the query projection only. */
function headSize(file: GgufFile, { name }: GgufArchitecture, heads: number): number {
  const [rows] = requiredTensor(file, "blk.0.attn_q.weight").shape;
  const size = rows! / heads;
  const said = file.metadata.number(`${name}.attention.key_length`) ?? size;
  if (size === said && Number.isInteger(size)) return size;
  throw ggufInvalid(
    file.path,
    `blk.0.attn_q.weight has ${rows} rows, which are no ${heads} heads of ${said} numbers`,
  );
}

/** The number of few digits that a float32 stands for: 1e-6 and not 9.999999974752427e-7. */
const float32AsWritten = (value: number): number => Number(value.toPrecision(7));

function ropeFields(file: GgufFile, { name }: GgufArchitecture, headDim: number): Fields {
  const { path, metadata, tensors } = file;
  const number = (key: string) => metadata.number(`${name}.rope.${key}`);
  const theta = number("freq_base") ?? (name === "gemma3" ? 1e6 : 1e4);
  const factor = number("scaling.factor") ?? number("scale_linear") ?? 1;
  const type = metadata.string(`${name}.rope.scaling.type`) ?? (factor === 1 ? "none" : "linear");
  const factors = tensors.get("rope_freqs.weight");
  if (factors) {
    if (factors.numel !== headDim / 2) {
      throw ggufInvalid(
        path,
        `rope_freqs.weight has ${factors.numel} factors for heads of ${headDim} numbers`,
      );
    }
    const scaling = llama3RopeScaling(tensorValues(factors), theta);
    if (scaling) return { rope_theta: theta, rope_scaling: scaling };
    throw ggufUnsupported(
      path,
      "the factors in rope_freqs.weight do not follow Llama 3's rule, so what made them is not known",
      "give the Hugging Face folder of the model",
    );
  }
  switch (type) {
    case "none":
      return { rope_theta: theta, rope_scaling: null };
    case "linear":
      return { rope_theta: theta, rope_scaling: { rope_type: "linear", factor } };
    case "yarn":
      return { rope_theta: theta, rope_scaling: yarnScaling(file, name, factor) };
    default:
      throw ggufUnsupported(
        path,
        `its rope.scaling.type is "${type}"; none, linear and yarn are read`,
        "give the Hugging Face folder of the model",
      );
  }
}

/**
 * Factors of YaRN that multiply what transformers computes, and the values that change nothing. The names of the keys are
 * those of `Keys.Rope` in gguf-py's `constants.py`; what they do is in the constructor of llama.cpp's `llama-context.cpp`: a
 * negative `yarn_ext_factor` is none, and without the others the attention factor is transformers' (0.1 ln(factor) + 1).
 */
const YARN_FACTORS: Readonly<Record<string, number>> = {
  attn_factor: 1,
  yarn_attn_factor: 1,
  yarn_ext_factor: 1,
  yarn_log_multiplier: 0,
};

function yarnScaling({ path, metadata }: GgufFile, architecture: string, factor: number): Fields {
  const number = (key: string) => metadata.number(`${architecture}.rope.scaling.${key}`);
  for (const [key, neutral] of Object.entries(YARN_FACTORS)) {
    const value = number(key) ?? neutral;
    if (value === neutral || (key === "yarn_ext_factor" && value < 0)) continue;
    throw ggufUnsupported(
      path,
      `its rope.scaling.${key} is ${value}, which is not read, and would change every position`,
      "give the Hugging Face folder of the model",
    );
  }
  const original = number("original_context_length");
  const [fast, slow] = [number("yarn_beta_fast"), number("yarn_beta_slow")];
  return {
    rope_type: "yarn",
    factor,
    ...(original !== null && { original_max_position_embeddings: original }),
    ...(fast !== null && { beta_fast: fast }),
    ...(slow !== null && { beta_slow: slow }),
  };
}

/** The part of a configuration that is a family's own. */
function familyFields(
  file: GgufFile,
  { name, modelType }: GgufArchitecture,
  { layers, heads, headDim }: { layers: number; heads: number; headDim: number },
): Fields {
  const hasBias = (module: string) => file.tensors.has(`blk.0.${module}.bias`);
  const number = (key: string) => file.metadata.number(`${name}.${key}`);
  switch (modelType) {
    case "llama":
      return { hidden_act: "silu", attention_bias: hasBias("attn_q"), mlp_bias: hasBias("ffn_gate") };
    case "qwen2":
      return { hidden_act: "silu", use_sliding_window: false };
    case "qwen3":
      return { hidden_act: "silu", attention_bias: hasBias("attn_q"), use_sliding_window: false };
    case "gemma":
      return { hidden_act: "gelu_pytorch_tanh", hidden_activation: "gelu_pytorch_tanh" };
    case "gemma2":
      return {
        hidden_activation: "gelu_pytorch_tanh",
        // The largest model, of 46 layers, is scaled by another size than that of a head.
        query_pre_attn_scalar:
          layers === 46 ? file.metadata.requiredNumber("gemma2.embedding_length") / heads : headDim,
        sliding_window: number("attention.sliding_window") ?? 4096,
        layer_types: layerTypes(layers, 2),
        attn_logit_softcapping: number("attn_logit_softcapping") ?? 50,
        final_logit_softcapping: number("final_logit_softcapping") ?? 30,
      };
    default:
      return {
        hidden_activation: "gelu_pytorch_tanh",
        query_pre_attn_scalar:
          layers === 62 ? file.metadata.requiredNumber("gemma3.embedding_length") / heads : headDim,
        sliding_window: file.metadata.requiredNumber("gemma3.attention.sliding_window"),
        layer_types: layerTypes(layers, 6),
        rope_local_base_freq: number("rope.freq_base_swa") ?? 1e4,
        attn_logit_softcapping: null,
        final_logit_softcapping: number("final_logit_softcapping"),
      };
  }
}

/** Every `period`-th layer attends to all that came before, the others to a window. */
const layerTypes = (layers: number, period: number): string[] =>
  Array.from({ length: layers }, (_, layer) =>
    (layer + 1) % period === 0 ? "full_attention" : "sliding_attention",
  );

/** Of the types that a checkpoint can have, the one in which most of the numbers are; bfloat16 if those are quantised. */
function mainDType({ tensors }: GgufFile): string {
  const counts = new Map<string, number>();
  for (const { type, numel } of tensors.values()) {
    counts.set(type.name, (counts.get(type.name) ?? 0) + numel);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [""];
  const dtypes: Readonly<Record<string, string>> = { F32: "float32", F16: "float16" };
  return dtypes[most] ?? "bfloat16";
}
