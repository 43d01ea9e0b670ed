import { statfsSync } from "node:fs";
import { nearestExisting } from "../config/nearest-existing.js";
import { ConfigError, RunError } from "../errors.js";

/**
 * Checks that what a run saves fits where `folder` is or will be: better before the first step than after the last.
 *
 * @param bytes of all that will lie there at once
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
  throw new ConfigError([
    {
      where: "output_dir",
      message:
        `the model and the checkpoints that are saved there take ${gigabytes(bytes)}, but only ${gigabytes(found)} are free on its disk. ` +
        "Free some space, choose a folder on another disk, or keep fewer checkpoints (save_total_limit, save_only_model).",
    },
  ]);
}

/**
 * Checks that files fit into a folder now.
 *
 * @param what they are
 * @throws RunError `DISK_FULL`
 */
export function requireDiskSpace(
  folder: string,
  bytes: number,
  what: string,
  free: (path: string) => number = freeBytes,
): void {
  // A folder that was removed under the run is made again.
  const found = free(nearestExisting(folder));
  if (found >= bytes) return;
  throw new RunError(
    "DISK_FULL",
    `${what} takes ${gigabytes(bytes)}, but only ${gigabytes(found)} are free on the disk of ${folder}`,
  );
}

const gigabytes = (count: number) => `${(count / 1e9).toFixed(2)} GB`;

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
