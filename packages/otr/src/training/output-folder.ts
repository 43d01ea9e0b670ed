/** @file The folder of a run, which one run has at a time. */
import { mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes the folder if it is not there, and removes it again if `body` has left it empty: what is wrong with a
 * configuration is found before anything is written.
 */
export async function withOutputFolder<T>(folder: string, body: () => Promise<T>): Promise<T> {
  const made = mkdirSync(folder, { recursive: true });
  try {
    return await body();
  } finally {
    if (made !== undefined) removeEmpty(folder, made);
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
