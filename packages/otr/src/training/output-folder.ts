/** @file The folder of a run, which one run has at a time. */
import { mkdirSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FileLockedError, lockFile, TorchError } from "@one-token/torch";
import { RunError } from "../errors.js";

const LOCK = ".lock";

/** The folder of a run, while the run has it. */
export interface OutputFolder {
  /** Sentences for the person, where nothing keeps a second run out. */
  readonly notes: readonly string[];
  /**
   * Makes and locks the folder again where somebody has removed or moved it.
   *
   * @returns whether that was so
   * @throws {RunError} `OUTPUT_DIR_IN_USE` where another run has it since
   */
  restore(): boolean;
}

/**
 * Makes the folder if it is not there and locks it for `body`. If that leaves it empty, a folder that was made is removed
 * again: what is wrong with a configuration is found before anything is written.
 *
 * @throws {RunError} `OUTPUT_DIR_IN_USE` while another run has the folder
 */
export async function withOutputFolder<T>(
  folder: string,
  body: (folder: OutputFolder) => Promise<T>,
): Promise<T> {
  const made = mkdirSync(resolve(folder), { recursive: true });
  const lock = withOwner(folder, () => lockFile(join(folder, LOCK)));
  const withoutLock = `${folder} lies on a file system without locks: see to it that no other run writes there.`;
  const restore = () => {
    const isMade = mkdirSync(resolve(folder), { recursive: true }) !== undefined;
    const isLocked = withOwner(folder, () => lock?.renew()) ?? false;
    return isMade || isLocked;
  };
  try {
    return await body({ notes: lock === null ? [withoutLock] : [], restore });
  } finally {
    lock?.release();
    if (made !== undefined) removeEmpty(resolve(folder), made);
  }
}

/** What `take` returns; null on a file system without locks. A lock that is taken is told as a person knows its owner. */
function withOwner<T>(folder: string, take: () => T): T | null {
  try {
    return take();
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
