import { statfsSync } from "node:fs";
import { nearestExisting } from "../config/nearest-existing.js";
import { ConfigError } from "../errors.js";

/**
 * Checks that a file of `bytes` fits where `folder` is or will be: better before the first step than after the last.
 *
 * @param free bytes that are free at a path
 * @throws ConfigError
 */
export function checkDiskSpace(
  folder: string,
  bytes: number,
  free: (path: string) => number = freeBytes,
): void {
  const found = free(nearestExisting(folder));
  if (found >= bytes) return;
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(2)} GB`;
  throw new ConfigError([
    {
      where: "output_dir",
      message:
        `the model that is saved there takes ${gigabytes(bytes)}, but only ${gigabytes(found)} are free on its disk. ` +
        "Free some space, or choose a folder on another disk.",
    },
  ]);
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
