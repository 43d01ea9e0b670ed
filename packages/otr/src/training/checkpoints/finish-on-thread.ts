import { Worker } from "node:worker_threads";
import { syncPath } from "../sync-path.js";
import { publishCheckpoint, tidyUp } from "./checkpoint-folders.js";
import type { Manifest } from "./manifest.js";

/** A checkpoint whose files are written. */
export interface FinishRequest {
  readonly folder: string;
  readonly about: Pick<Manifest, "run_id" | "step">;
  /** Folders of older checkpoints that go when this one is there. */
  readonly obsolete: readonly string[];
  /** Files of lines that a run which goes on from it counts on. */
  readonly lines: readonly string[];
}

/** Compiled, whether this file is or not: a thread runs JavaScript. The path is the same from `src` and `dist`. */
const WORKER = new URL("../../../dist/training/checkpoints/finish-worker.js", import.meta.url);

/** Does {@link finishCheckpoint} on a thread: the files are read once to be hashed. */
export function finishOnThread(request: FinishRequest): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(WORKER, { workerData: request });
    thread.once("message", resolve);
    thread.once("error", reject);
    // Behind the message this has no effect.
    thread.once("exit", (code) =>
      reject(new Error(`the thread that finishes a checkpoint ended with code ${code}`)),
    );
  });
}

/**
 * Makes a checkpoint visible and removes obsolete ones.
 *
 * @returns why not all that follows a save could be done; null where it is done
 * @throws what kept the checkpoint from being saved
 */
export function finishCheckpoint({ folder, about, obsolete, lines }: FinishRequest): string | null {
  for (const path of lines) syncPath(path);
  publishCheckpoint(folder, about);
  try {
    tidyUp(folder, obsolete);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
