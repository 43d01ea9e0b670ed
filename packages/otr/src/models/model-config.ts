/** @file Reads and checks a model's `config.json`. Needs no libtorch, so it can run before anything is loaded. */
import { join } from "node:path";
import { z } from "zod";
import { formatValue } from "../config/format-value.js";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";
import { type RopeParameters, readRopeParameters, ropeFields } from "./rope-parameters.js";
import { wrongFields } from "./wrong-fields.js";

/** Floating-point types in which published weights are stored. */
export type WeightDType = "float32" | "float64" | "bfloat16" | "float16";

/** What `config.json` says, checked. Sizes are in elements, lengths in tokens. */
export interface ModelConfig {
  /** Where it was read from; error messages begin with it. */
  readonly source: string;
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numKeyValueHeads: number;
  /** null: absent; the family knows its default. */
  readonly headDim: number | null;
  readonly maxPositionEmbeddings: number;
  readonly rmsNormEps: number;
  readonly initializerRange: number;
  /** null: absent; the family knows its default. */
  readonly tieWordEmbeddings: boolean | null;
  /** The name of the feed-forward network's activation; null: absent. */
  readonly hiddenActivation: string | null;
  readonly attentionBias: boolean;
  readonly mlpBias: boolean;
  readonly rope: RopeParameters;
  /** The share of a head that is rotated. */
  readonly partialRotaryFactor: number;
  readonly bosTokenId: number | null;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number | null;
  /** The dtype that the file declares for the stored weights. */
  readonly dtype: WeightDType | null;
  /** The file as it is, unknown fields included: what a saved model keeps. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Configurations have a few thousand bytes; those with lists of factors, some ten thousand. */
const MOST_BYTES = 2 ** 24;

const size = z
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);
const tokenId = z.number().int();

/** A field that may be absent or null, with transformers' default. */
export const optional = <T>(schema: z.ZodType<T>, fallback: T) =>
  schema.nullish().transform((value) => value ?? fallback);

const configSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  // Bounded, because a list of the parameters is made before any weight is seen.
  num_hidden_layers: size.max(10_000),
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  max_position_embeddings: size,
  rms_norm_eps: optional(z.number().positive().max(1), 1e-6),
  initializer_range: optional(z.number().positive().max(1), 0.02),
  tie_word_embeddings: z.boolean().nullish(),
  attention_bias: optional(z.boolean(), false),
  mlp_bias: optional(z.boolean(), false),
  hidden_act: z.string().nullish(),
  hidden_activation: z.string().nullish(),
  attention_dropout: z.number().nullish(),
  resid_pdrop: z.number().nullish(),
  embd_pdrop: z.number().nullish(),
  router_jitter_noise: z.number().nullish(),
  output_router_logits: z.boolean().nullish(),
  ...ropeFields,
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
  pad_token_id: tokenId.nullish(),
  dtype: z.string().nullish(),
  torch_dtype: z.string().nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().nullish() }).nullish(),
});

type RawConfig = z.infer<typeof configSchema>;

const weightDTypes: ReadonlySet<string> = new Set<WeightDType>(["float32", "float64", "bfloat16", "float16"]);
const isWeightDType = (name: string): name is WeightDType => weightDTypes.has(name);

/**
 * The checked `config.json` of a model folder.
 *
 * @throws {DataError} `MODEL_NOT_FOUND` when there is no such file, `FILE_UNREADABLE`, `MODEL_CONFIG_INVALID` with every mistake in it.
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const path = join(folder, "config.json");
  let text: string;
  try {
    text = readBounded(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      "MODEL_NOT_FOUND",
      `${path} cannot be read, so ${folder} is no Hugging Face model folder; give a folder that holds config.json, model.safetensors and tokenizer.json`,
      { cause: error },
    );
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw configInvalid(path, [`is not valid JSON (${reason}); download or save the model again`], error);
  }
  return parseModelConfig(raw, path);
}

/**
 * Checks the content of a `config.json`. `source` names it in messages.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID` with every mistake in it.
 */
export function parseModelConfig(raw: unknown, source = "config"): ModelConfig {
  const result = configSchema.safeParse(raw);
  if (!result.success) throw configInvalid(source, wrongFields(configSchema, raw));
  const config = result.data;
  const problems = unsupported(config);
  let rope: RopeParameters = { type: "default", theta: 1 };
  try {
    rope = readRopeParameters(config);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  if (problems.length > 0) throw configInvalid(source, problems);

  const eos = config.eos_token_id ?? [];
  return {
    source,
    modelType: config.model_type,
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    numHiddenLayers: config.num_hidden_layers,
    numAttentionHeads: config.num_attention_heads,
    numKeyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headDim: config.head_dim ?? null,
    maxPositionEmbeddings: config.max_position_embeddings,
    rmsNormEps: config.rms_norm_eps,
    initializerRange: config.initializer_range,
    tieWordEmbeddings: config.tie_word_embeddings ?? null,
    hiddenActivation: config.hidden_activation ?? config.hidden_act ?? null,
    attentionBias: config.attention_bias,
    mlpBias: config.mlp_bias,
    rope,
    partialRotaryFactor: partialRotaryFactor(config),
    bosTokenId: config.bos_token_id ?? null,
    eosTokenIds: Array.isArray(eos) ? eos : [eos],
    padTokenId: config.pad_token_id ?? null,
    dtype: storedDType(config),
    raw: raw as Record<string, unknown>,
  };
}

/** Sentences on values that are well formed but that no supported family computes. */
function unsupported(config: RawConfig): string[] {
  const problems: string[] = [];
  if (config.attention_dropout) {
    problems.push(
      `attention_dropout is ${config.attention_dropout}; attention dropout is not supported: set it to 0 to train without`,
    );
  }
  for (const name of ["resid_pdrop", "embd_pdrop", "router_jitter_noise"] as const) {
    if (config[name])
      problems.push(`${name} is ${config[name]}; it is not supported: set it to 0 to train without`);
  }
  if (config.output_router_logits) {
    problems.push(
      "output_router_logits is true; the auxiliary loss of the router is not supported: set it to false to train without",
    );
  }
  const method = config.quantization_config?.quant_method;
  if (config.quantization_config && method !== "fp8") {
    problems.push(
      `quantization_config.quant_method is ${formatValue(method)}; of quantised weights only float8 ("fp8") is read: use the model's unquantised weights`,
    );
  }
  const dtype = config.dtype ?? config.torch_dtype;
  if (dtype && storedDType(config) === null) {
    problems.push(`dtype is ${formatValue(dtype)}; supported are ${[...weightDTypes].join(", ")}`);
  }
  const keyValueHeads = config.num_key_value_heads ?? config.num_attention_heads;
  if (config.num_attention_heads % keyValueHeads !== 0) {
    problems.push(
      `num_attention_heads (${config.num_attention_heads}) is no multiple of num_key_value_heads (${keyValueHeads}), so the heads cannot share them`,
    );
  }
  if (!config.head_dim && config.hidden_size % config.num_attention_heads !== 0) {
    problems.push(
      `hidden_size (${config.hidden_size}) is no multiple of num_attention_heads (${config.num_attention_heads}) and head_dim is not given`,
    );
  }
  if (config.head_dim && config.head_dim % 2 !== 0) {
    problems.push(`head_dim is ${config.head_dim}; rotary embeddings need an even number`);
  }
  return problems;
}

/** The newer spelling has it among the settings of the rotation. */
function partialRotaryFactor({ rope_parameters: rope, partial_rotary_factor: factor }: RawConfig): number {
  return rope?.partial_rotary_factor ?? factor ?? 1;
}

function storedDType(config: RawConfig): WeightDType | null {
  const name = (config.dtype ?? config.torch_dtype)?.replace(/^torch\./, "");
  return name !== undefined && isWeightDType(name) ? name : null;
}

/**
 * Fields of `config.json` that only some families have.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID` with every mistake in them
 */
export function readFamilyFields<Schema extends z.ZodObject>(
  config: ModelConfig,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(config.raw);
  if (result.success) return result.data;
  throw configInvalid(config.source, wrongFields(schema, config.raw));
}

/** The error for a `config.json` with these problems, each a sentence. */
export function configInvalid(source: string, problems: readonly string[], cause?: unknown): DataError {
  return new DataError(
    "MODEL_CONFIG_INVALID",
    problems.map((problem) => `${source}: ${problem}`).join("\n"),
    { cause },
  );
}
