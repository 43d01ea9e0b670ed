import type { DecoderSpec } from "./decoder-spec.js";
import { type ModelConfig, readModelConfig } from "./model-config.js";
import { decoderSpecOf } from "./registry.js";

/**
 * What a model folder's `config.json` asks for, checked. Reads no weights and needs no libtorch.
 *
 * @throws {DataError} `MODEL_NOT_FOUND`, `MODEL_CONFIG_INVALID`, `MODEL_TYPE_UNSUPPORTED`
 */
export async function readModelSpec(folder: string): Promise<{ config: ModelConfig; spec: DecoderSpec }> {
  const config = await readModelConfig(folder);
  return { config, spec: decoderSpecOf(config) };
}
