import { Worker } from "node:worker_threads";
import { publishCheckpoint, removeCheckpoint } from "./checkpoint-folders.js";
import type { Manifest } from "./manifest.js";

/** A checkpoint whose files are written. */
export interface FinishRequest {
  readonly folder: string;
  readonly about: Pick<Manifest, "run_id" | "step">;
  /** Folders of older checkpoints that go when this one is there. */
  readonly obsolete: readonly string[];
}

/** Compiled, whether this file is or not: a thread runs JavaScript. The path is the same from `src` and `dist`. */
const WORKER = new URL("../../../dist/training/checkpoints/finish-worker.js", import.meta.url);

/** Makes a checkpoint visible and removes obsolete ones, on a thread: its files are read once to be hashed. */
export function finishOnThread(request: FinishRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(WORKER, { workerData: request });
    thread.once("error", reject);
    thread.once("exit", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`the thread that finishes a checkpoint ended with code ${code}`)),
    );
  });
}

/** What {@link finishOnThread} has done elsewhere. */
export function finishCheckpoint({ folder, about, obsolete }: FinishRequest): void {
  publishCheckpoint(folder, about);
  for (const older of obsolete) removeCheckpoint(older);
}
