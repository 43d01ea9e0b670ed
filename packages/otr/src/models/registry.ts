/**
 * @file The model families that can be trained. To add one: write its file, a row here and one in
 * `config/model-types.ts`.
 */
import { formatValue } from "../config/format-value.js";
import { isModelType, MODEL_TYPES, type ModelType } from "../config/model-types.js";
import { DataError } from "../errors.js";
import type { DecoderSpec, ModelFamily } from "./decoder-spec.js";
import { gemma } from "./gemma.js";
import { gemma2 } from "./gemma2.js";
import { gemma3Text } from "./gemma3_text.js";
import { granite } from "./granite.js";
import { llama } from "./llama.js";
import { mistral } from "./mistral.js";
import { mixtral } from "./mixtral.js";
import { configInvalid, type ModelConfig } from "./model-config.js";
import { olmo2 } from "./olmo2.js";
import { phi3 } from "./phi3.js";
import { qwen2 } from "./qwen2.js";
import { qwen3 } from "./qwen3.js";
import { qwen3Moe } from "./qwen3_moe.js";
import { smollm3 } from "./smollm3.js";

const FAMILIES: Readonly<Record<ModelType, ModelFamily>> = {
  llama,
  mistral,
  mixtral,
  qwen2,
  qwen3,
  qwen3_moe: qwen3Moe,
  smollm3,
  gemma,
  gemma2,
  gemma3_text: gemma3Text,
  phi3,
  olmo2,
  granite,
};

/**
 * The family of a `model_type`. `source` names the file in messages.
 *
 * @throws {DataError} `MODEL_TYPE_UNSUPPORTED`, listing the supported ones.
 */
export function modelFamily(modelType: string, source = "config.json"): ModelFamily {
  if (isModelType(modelType)) return FAMILIES[modelType];
  throw new DataError(
    "MODEL_TYPE_UNSUPPORTED",
    `${source}: model_type ${formatValue(modelType)} is not supported; choose a model of one of these types: ${MODEL_TYPES.join(", ")}`,
  );
}

/**
 * What a model of this configuration computes.
 *
 * @throws {DataError} `MODEL_TYPE_UNSUPPORTED`, `MODEL_CONFIG_INVALID`
 */
export const decoderSpecOf = (config: ModelConfig): DecoderSpec =>
  boundedSpec(config, modelFamily(config.modelType, config.source).decoderSpec(config));

/** A list of the parameters is made before any weight is seen. The largest published models have some 70,000. */
const MOST_PARAMETERS = 500_000;

function boundedSpec(config: ModelConfig, spec: DecoderSpec): DecoderSpec {
  const experts = spec.layers.reduce((sum, { mixture }) => sum + (mixture?.experts ?? 1), 0);
  if (3 * experts <= MOST_PARAMETERS) return spec;
  throw configInvalid(config.source, [
    `describes ${experts.toLocaleString("en")} feed-forward networks in ${spec.layers.length.toLocaleString("en")} layers, more than any model has`,
  ]);
}
