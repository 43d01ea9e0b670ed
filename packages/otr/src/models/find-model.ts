import { existsSync } from "node:fs";
import { join } from "node:path";
import { baseModelOf, isAdapterFolder, readAdapterConfig } from "./adapter-files.js";

/** Where the parts of a model lie. */
export interface FoundModel {
  readonly model: string;
  readonly adapters: readonly string[];
  /** The folder of its tokenizer: an adapter's own, where it has one. */
  readonly tokenizer: string;
}

/**
 * The parts of what was named: a model folder, or that of an adapter, which names its model.
 *
 * @param adapters further ones, which are used in turn
 * @throws {DataError} `ADAPTER_NOT_FOUND`, `ADAPTER_CONFIG_INVALID`, `ADAPTER_BASE_UNKNOWN`
 */
export async function findModel(folder: string, adapters: readonly string[] = []): Promise<FoundModel> {
  const all = isAdapterFolder(folder) ? [folder, ...adapters] : adapters;
  const model = isAdapterFolder(folder) ? baseModelOf(folder, await readAdapterConfig(folder)) : folder;
  const tokenizer = existsSync(join(folder, "tokenizer.json")) ? folder : model;
  return { model, adapters: all, tokenizer };
}
