/** @file The model families that can be trained. To add one: write its file and add a row here. */
import { DataError } from "../errors.js";
import type { DecoderSpec, ModelFamily } from "./decoder-spec.js";
import { llama } from "./llama.js";
import type { ModelConfig } from "./model-config.js";
import { qwen2 } from "./qwen2.js";
import { qwen3 } from "./qwen3.js";

const families: readonly ModelFamily[] = [llama, qwen2, qwen3];

/** The values of `model_type` that {@link modelFamily} knows. */
export const supportedModelTypes: readonly string[] = families.map((family) => family.modelType);

/**
 * The family of a `model_type`. `source` names the file in messages.
 *
 * @throws {DataError} `MODEL_TYPE_UNSUPPORTED`, listing the supported ones.
 */
export function modelFamily(modelType: string, source = "config.json"): ModelFamily {
  const family = families.find((candidate) => candidate.modelType === modelType);
  if (family) return family;
  throw new DataError(
    "MODEL_TYPE_UNSUPPORTED",
    `${source}: model_type "${modelType}" is not supported; choose a model of one of these types: ${supportedModelTypes.join(", ")}`,
  );
}

/**
 * What a model of this configuration computes.
 *
 * @throws {DataError} `MODEL_TYPE_UNSUPPORTED`, `MODEL_CONFIG_INVALID`
 */
export const decoderSpecOf = (config: ModelConfig): DecoderSpec =>
  modelFamily(config.modelType, config.source).decoderSpec(config);
