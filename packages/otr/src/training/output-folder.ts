/** @file The folder of a run, which one run has at a time. */
import { mkdirSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type FileLock, FileLockedError, lockFile, TorchError } from "@one-token/torch";
import { RunError } from "../errors.js";

const LOCK = ".lock";

/**
 * Makes the folder if it is not there and locks it for `body`. If that leaves it empty, a folder that was made is removed
 * again: what is wrong with a configuration is found before anything is written.
 *
 * @param body is told of a file system without locks, where nothing keeps a second run out
 * @throws {RunError} `OUTPUT_DIR_IN_USE` while another run has the folder
 */
export async function withOutputFolder<T>(
  folder: string,
  body: (notes: readonly string[]) => Promise<T>,
): Promise<T> {
  const made = mkdirSync(resolve(folder), { recursive: true });
  const lock = lockFolder(folder);
  try {
    return await body(
      lock === null
        ? [`${folder} lies on a file system without locks: see to it that no other run writes there.`]
        : [],
    );
  } finally {
    lock?.release();
    if (made !== undefined) removeEmpty(resolve(folder), made);
  }
}

function lockFolder(folder: string): FileLock | null {
  try {
    return lockFile(join(folder, LOCK));
  } catch (error) {
    if (error instanceof FileLockedError) {
      const owner = error.owner && ` (process ${error.owner.processId} on ${error.owner.host})`;
      throw new RunError(
        "OUTPUT_DIR_IN_USE",
        `another run${owner ?? ""} is training into ${folder}, and two would ruin each other's files; wait for it, or choose another output_dir`,
        { cause: error },
      );
    }
    if (error instanceof TorchError && error.code === "TORCH_UNSUPPORTED") return null;
    throw error;
  }
}

/** Removes `folder` and the folders around it up to `last`, while they are empty. */
function removeEmpty(folder: string, last: string): void {
  try {
    for (let current = folder; current.length >= last.length; current = dirname(current)) rmdirSync(current);
  } catch {
    // Not empty: it holds a run.
  }
}
