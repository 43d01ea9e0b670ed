/** @file Writes a folder that transformers and this project load alike. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { aten, type DType, scope } from "@one-token/torch";
import type { CausalLM } from "./causal-lm.js";
import { COMPANION_FILES, TOKENIZER_FILES } from "./companion-files.js";
import { configText } from "./config-text.js";
import { copyCompanions } from "./copy-companions.js";
import { GENERATION_CONFIG, withEosToken } from "./generation-config.js";
import type { WeightDType } from "./model-config.js";
import { modelFolder } from "./model-folder.js";
import { quantizedModel } from "./quantized-matrix.js";
import { modelFamily } from "./registry.js";
import { atomicWriter, type FolderWriter } from "./folder-writer.js";

export const WEIGHTS = "model.safetensors";

/** What to write beside and as the weights. */
export interface SaveModelOptions {
  /** The folder or GGUF file whose tokenizer, chat template and generation settings are copied; none are without it. */
  readonly sourceFolder?: string;
  /** The folder or GGUF file whose tokenizer is copied instead, where that is another. */
  readonly tokenizerFolder?: string;
  /** The token that ends a text, where it is not the source's: what `config.json` and `generation_config.json` then say. */
  readonly eosTokenId?: number | undefined;
  /** The dtype of the stored weights; default: that of the base (declared, else stored), else the parameters' own. */
  readonly dtype?: WeightDType;
  /** How files are written; default: each atomically. */
  readonly writer?: FolderWriter;
}

/**
 * Writes the model as a Hugging Face folder, made if it is not there: `config.json` (every field of the source kept,
 * but for the dtype and how weights were quantised), the companions of the source and no others, and `model.safetensors` last. Each file is replaced atomically.
 *
 * @returns the dtype of the stored weights: the one asked for, or float32 where float16 cannot hold a weight
 */
export async function saveModel(
  model: CausalLM,
  folder: string,
  options: SaveModelOptions = {},
): Promise<DType> {
  if (model.quantized.size > 0) throw quantizedModel("saved");
  const { writer = atomicWriter } = options;
  const wanted = options.dtype ?? model.config.dtype ?? model.storedDType ?? model.dtype;
  const dtype = wanted === "float16" && !fitsFloat16(model) ? "float32" : wanted;
  await mkdir(folder, { recursive: true });
  await writer.file(join(folder, "config.json"), configText(savedConfig(model, dtype, options)));
  if (options.sourceFolder !== undefined) {
    await copyCompanions(options.sourceFolder, folder, COMPANION_FILES, writer);
    if (options.tokenizerFolder !== undefined)
      await copyCompanions(options.tokenizerFolder, folder, TOKENIZER_FILES, writer);
    if (options.eosTokenId !== undefined) {
      const settings = withEosToken(await modelFolder(options.sourceFolder), options.eosTokenId);
      await writer.file(join(folder, GENERATION_CONFIG), settings);
    }
  }
  const tensors = new Map([...model.parameters].map(([name, tensor]) => [name, { tensor, dtype }]));
  await writer.tensors(join(folder, WEIGHTS), tensors, { format: "pt" });
  return dtype;
}

/** float16 ends at 65504, where weights of the other dtypes do not: those would be stored as infinity. */
function fitsFloat16(model: CausalLM): boolean {
  return scope(() =>
    [...model.parameters.values()].every(
      (parameter) => aten.all(aten.isfinite(parameter.detach().to("float16"))).item() !== 0,
    ),
  );
}

function savedConfig(
  model: CausalLM,
  dtype: string,
  { eosTokenId }: SaveModelOptions,
): Record<string, unknown> {
  // The weights are written as plain numbers, whatever they were read from.
  const { quantization_config: _, ...raw } = model.config.raw;
  const { modelType } = model.config;
  const dtypeField = "torch_dtype" in raw && !("dtype" in raw) ? "torch_dtype" : "dtype";
  const eos = eosTokenId === undefined ? {} : { eos_token_id: eosTokenId };
  return { architectures: [modelFamily(modelType).architecture], ...raw, ...eos, [dtypeField]: dtype };
}
