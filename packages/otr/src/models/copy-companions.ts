import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { atomicWriter, type FolderWriter } from "./folder-writer.js";
import { modelFolder } from "./model-folder.js";

/**
 * Copies those files of `names` that `source` has, and removes the others from `target`: they would be another model's.
 *
 * @param source a model folder or a GGUF file
 * @throws {DataError} as {@link modelFolder}
 */
export async function copyCompanions(
  source: string,
  target: string,
  names: readonly string[],
  writer: Pick<FolderWriter, "file"> = atomicWriter,
): Promise<void> {
  const folder = await modelFolder(source);
  if (resolve(folder) === resolve(target)) return;
  for (const name of names) {
    const content = await readOptional(join(folder, name));
    if (content) await writer.file(join(target, name), content);
    else await rm(join(target, name), { force: true });
  }
}

async function readOptional(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
