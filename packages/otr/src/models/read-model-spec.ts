import type { DecoderSpec } from "./decoder-spec.js";
import { type ModelConfig, readModelConfig } from "./model-config.js";
import { modelFolder } from "./model-folder.js";
import { decoderSpecOf } from "./registry.js";

/**
 * What the `config.json` of a model folder, or the metadata of a GGUF file, asks for, checked. Reads no weights and needs
 * no libtorch.
 *
 * @throws {DataError} `MODEL_NOT_FOUND`, `MODEL_CONFIG_INVALID`, `MODEL_TYPE_UNSUPPORTED`; `GGUF_NOT_FOUND`, `GGUF_INVALID`,
 * `GGUF_UNSUPPORTED`
 */
export async function readModelSpec(path: string): Promise<{ config: ModelConfig; spec: DecoderSpec }> {
  const config = await readModelConfig(await modelFolder(path));
  return { config, spec: decoderSpecOf(config) };
}
