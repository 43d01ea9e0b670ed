/** @file Puts a finished model in its place, once all of it is written. */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from "../models/adapter-files.js";
import { COMPANION_FILES } from "../models/companion-files.js";
import { WEIGHTS } from "../models/save-model.js";
import { VALUE_HEAD } from "./save-run.js";
import { syncPath } from "./sync-path.js";

/** Files of a model or adapter, the weights last. */
const MODEL_FILES: readonly string[] = [
  ...COMPANION_FILES,
  VALUE_HEAD,
  "config.json",
  ADAPTER_CONFIG,
  WEIGHTS,
  ADAPTER_WEIGHTS,
];

const inOrder = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => MODEL_FILES.indexOf(a) - MODEL_FILES.indexOf(b));

/** Where the model of a run is written before it takes its place; what is left there is removed when a run begins. */
const partialOf = (outputDir: string): string => join(outputDir, ".model.partial");

/**
 * Has a model written beside its place and moves it there file by file, so that a disk that fills up leaves what was
 * there before. Files that the new model does not have are removed: they would be taken for its own.
 *
 * @param write writes all files of the model into the folder that it is given
 */
export async function publishModel<T>(outputDir: string, write: (folder: string) => Promise<T>): Promise<T> {
  const partial = partialOf(outputDir);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    const result = await write(partial);
    const written = readdirSync(partial);
    for (const name of written) syncPath(join(partial, name));
    for (const name of inOrder(written)) renameSync(join(partial, name), join(outputDir, name));
    for (const name of MODEL_FILES) {
      if (!written.includes(name)) rmSync(join(outputDir, name), { force: true });
    }
    syncPath(outputDir);
    return result;
  } finally {
    removeIfPossible(partial);
  }
}

/** The model is there, or why it is not is thrown: a folder that stays must hide neither. */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It is out of sight, and removed when a run begins.
  }
}
