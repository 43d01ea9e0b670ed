/** @file Finds the safetensors files of a model folder and reads their tensors. */
import { existsSync } from "node:fs";
import { isAbsolute, join, normalize, sep } from "node:path";
import { readSafetensors } from "@one-token/torch";
import { z } from "zod";
import { formatValue } from "../config/format-value.js";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";
import { nameFew } from "./name-few.js";
import type { StoredTensor, StoredWeights } from "./stored-weights.js";

const singleName = "model.safetensors";
const indexName = "model.safetensors.index.json";
/** As many as the header of a safetensors file may have. */
const MOST_INDEX_BYTES = 100_000_000;
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Maps every stored tensor of a model folder: `model.safetensors`, else the shards of its index.
 *
 * @throws {DataError} `WEIGHTS_NOT_FOUND`, `WEIGHTS_INDEX_INVALID`, `WEIGHTS_INVALID`
 */
export async function openWeights(folder: string): Promise<StoredWeights> {
  const tensors = new Map<string, StoredTensor>();
  const opened: { dispose(): void }[] = [];
  const dispose = () => {
    for (const file of opened) file.dispose();
  };
  try {
    for (const [path, expected] of await weightFiles(folder)) {
      const file = openFile(path);
      opened.push(file);
      const missing = expected?.filter((name) => !file.tensors.has(name)) ?? [];
      if (missing.length > 0) {
        throw new DataError(
          "WEIGHTS_INDEX_INVALID",
          `${path} lacks tensors that ${indexName} says it holds: ${nameFew(missing)}; download the model again`,
        );
      }
      for (const name of expected ?? file.tensors.keys()) {
        const tensor = file.tensors.get(name)!;
        tensors.set(name, { shape: tensor.shape, dtype: tensor.dtype, load: () => tensor });
      }
    }
    return { tensors, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * The safetensors files of a model folder: the path of each, with the tensors to take from it (undefined: all).
 *
 * @throws {DataError} `WEIGHTS_NOT_FOUND`, `WEIGHTS_INDEX_INVALID`
 */
export async function weightFiles(folder: string): Promise<Map<string, string[] | undefined>> {
  const single = join(folder, singleName);
  if (existsSync(single)) return new Map([[single, undefined]]);
  const index = join(folder, indexName);
  if (!existsSync(index)) {
    throw new DataError(
      "WEIGHTS_NOT_FOUND",
      `${folder} holds neither ${singleName} nor ${indexName}; weights in another format (such as pytorch_model.bin, which can run code when it is opened) must be saved as safetensors first`,
    );
  }
  const files = new Map<string, string[]>();
  for (const [name, file] of Object.entries(readIndex(index))) {
    const relative = normalize(file);
    if (isAbsolute(relative) || relative === ".." || relative.startsWith(`..${sep}`)) {
      throw new DataError(
        "WEIGHTS_INDEX_INVALID",
        `${index} names the file ${formatValue(file)}, which lies outside the model folder; do not trust this model`,
      );
    }
    const path = join(folder, relative);
    const names = files.get(path);
    if (names) names.push(name);
    else files.set(path, [name]);
  }
  const absent = [...files.keys()].filter((path) => !existsSync(path));
  if (absent.length > 0) {
    throw new DataError(
      "WEIGHTS_NOT_FOUND",
      `${index} names files that are not there: ${nameFew(absent)}; download the model again`,
    );
  }
  return files;
}

/**
 * Names of the files that an index says the weights are in.
 *
 * @throws {DataError} `WEIGHTS_INDEX_INVALID`
 */
export function shardNames(index: string): string[] {
  return [...new Set(Object.values(readIndex(index)))];
}

function readIndex(path: string): Record<string, string> {
  try {
    return indexSchema.parse(JSON.parse(readBounded(path, MOST_INDEX_BYTES))).weight_map;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      "WEIGHTS_INDEX_INVALID",
      `${path} is no index of safetensors shards ({"weight_map": {tensor: file}}); download the model again`,
      { cause: error },
    );
  }
}

function openFile(path: string) {
  try {
    return readSafetensors(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("WEIGHTS_INVALID", `${reason}; fetch the model again, or save it once more`, {
      cause: error,
    });
  }
}
