/**
 * @file How folders of checkpoints appear and go: by one rename each, so that none is ever seen half. Names that begin with
 * a dot are under way; when a run begins in the folder, a sound checkpoint that none has replaced gets its name back, and
 * the others are removed.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { namesIn } from "../../config/check-paths.js";
import { syncPath } from "../sync-path.js";
import { findDamage, MANIFEST, type Manifest, makeManifest, readManifest } from "./manifest.js";

const REMOVED = /^\.(?<name>checkpoint-\d+)\.removed$/;
const UNDER_WAY = /^\.(checkpoint-\d+|model)\.(partial|removed)$/;

/** Where a checkpoint is written before it is complete. */
export const partialFolder = (folder: string): string =>
  join(dirname(folder), `.${basename(folder)}.partial`);

const removedFolder = (folder: string): string => join(dirname(folder), `.${basename(folder)}.removed`);

/**
 * Makes a written checkpoint visible: files on the disk, manifest last, then the name. One that had the name is out of sight
 * then, and is removed by {@link tidyUp}.
 */
export function publishCheckpoint(folder: string, about: Pick<Manifest, "run_id" | "step">): void {
  const partial = partialFolder(folder);
  for (const name of namesIn(partial) ?? []) syncPath(join(partial, name));
  const manifest = join(partial, MANIFEST);
  writeFileSync(manifest, `${JSON.stringify(makeManifest(partial, about), null, 2)}\n`);
  syncPath(manifest);
  syncPath(partial);
  const replaced = existsSync(folder) ? takeOutOfSight(folder) : null;
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (replaced !== null) renameSync(replaced, folder);
    throw error;
  }
}

/** What follows once a checkpoint is there: its name on the disk, then the end of the one that had it and of obsolete ones. */
export function tidyUp(folder: string, obsolete: readonly string[]): void {
  syncPath(dirname(folder));
  rmSync(removedFolder(folder), { recursive: true, force: true });
  for (const older of obsolete) removeCheckpoint(older);
}

/** Removes a checkpoint: first from sight, then its files. */
export function removeCheckpoint(folder: string): void {
  rmSync(takeOutOfSight(folder), { recursive: true, force: true });
}

/**
 * Gives a checkpoint that training cannot go on from a name that no run takes for a checkpoint's: its files stay as they are.
 *
 * @returns the folder's new path
 */
export function setCheckpointAside(folder: string): string {
  let aside = `${folder}.set-aside`;
  for (let count = 2; existsSync(aside); count++) aside = `${folder}.set-aside-${count}`;
  renameSync(folder, aside);
  syncPath(dirname(folder));
  return aside;
}

function takeOutOfSight(folder: string): string {
  const removed = removedFolder(folder);
  rmSync(removed, { recursive: true, force: true });
  renameSync(folder, removed);
  return removed;
}

/**
 * Gives sound checkpoints their names back that a process had taken out of sight and ended before it removed them, or before
 * the one that was to take their place was there.
 */
export function restoreRemoved(outputDir: string): void {
  for (const name of namesIn(outputDir) ?? []) {
    const original = REMOVED.exec(name)?.groups?.name;
    if (original === undefined || existsSync(join(outputDir, original))) continue;
    const manifest = readManifest(join(outputDir, name));
    const isSound = !("problem" in manifest) && findDamage(join(outputDir, name), manifest) === null;
    if (isSound) renameSync(join(outputDir, name), join(outputDir, original));
  }
}

/** Removes what a process that ended in the middle of a save has left. */
export function removeLeftovers(outputDir: string): void {
  for (const name of namesIn(outputDir) ?? []) {
    if (UNDER_WAY.test(name)) rmSync(join(outputDir, name), { recursive: true, force: true });
  }
}
