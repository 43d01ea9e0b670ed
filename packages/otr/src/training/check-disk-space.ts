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
  const [needed, left] = inOneUnit(bytes, found);
  throw new ConfigError([
    {
      where: "output_dir",
      message:
        `the model and the checkpoints that are saved there take ${needed}, but only ${left} are free on its disk. ` +
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
  const [needed, left] = inOneUnit(bytes, found);
  throw new RunError(
    "DISK_FULL",
    `${what} takes ${needed}, but only ${left} are free on the disk of ${folder}`,
  );
}

const UNITS = [
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
] as const;

/** Two numbers of bytes in the unit of the larger; in bytes where they would look alike. */
function inOneUnit(larger: number, smaller: number): [string, string] {
  const [size, unit] = UNITS.find(([bytes]) => larger >= bytes) ?? [1, "bytes"];
  const [one, other] = [larger, smaller].map((bytes) => (bytes / size).toFixed(size === 1 ? 0 : 2));
  if (one !== other) return [`${one} ${unit}`, `${other} ${unit}`];
  return [`${larger.toLocaleString("en")} bytes`, `${smaller.toLocaleString("en")} bytes`];
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
