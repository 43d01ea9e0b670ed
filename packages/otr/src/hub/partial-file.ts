/**
 * @file Files that are being downloaded. Their names say whose they are, so that two processes never write to one, and
 * that what a killed one has left is taken up by the next.
 *
 * `HASH.incomplete` belongs to nobody; `HASH.TIME-HOST-PID-RANDOM.incomplete` to that process. Renaming the one to the other
 * is how a process takes it: the file system lets only one succeed. Other names are other programs'. A process that has only
 * been suspended writes on when it wakes; by then what it writes is no file any more, because whoever took it has a copy.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

const SUFFIX = ".incomplete";
const OWNED = /\.(?<time>\d{15})-(?<host>[0-9a-f]{8})-(?<pid>\d+)-[0-9a-f]{8}\.incomplete$/;
/** A download writes all the time, or has given up before. */
const ABANDONED_MILLISECONDS = 10 * 60 * 1000;

const thisHost = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Names of the files that this process is writing. */
const held = new Set<string>();

/**
 * The path of a partial file for `target` that is this call's alone, with what an earlier download has left; or null while
 * another process, or another call in this one, downloads the same content.
 */
export function takePartialFile(target: string): string | null {
  const folder = dirname(target);
  const time = String(Date.now()).padStart(15, "0");
  const owner = `${time}-${thisHost}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const name = `${basename(target)}.${owner}${SUFFIX}`;
  const path = join(folder, name);
  held.add(name);
  const left = [
    ...ownedNames(target).filter((other) => !isHeld(folder, other)),
    `${basename(target)}${SUFFIX}`,
  ];
  const source = left.find((other) => tryRename(join(folder, other), path));
  const taken = source !== undefined;
  if (taken && mayBeWritten(source)) putCopyInPlace(path, target);
  if (taken) utimesSync(path, new Date(), new Date());
  else closeSync(openSync(path, "wx"));
  // Each looks when its own file is there, so that of two at least one sees the other and stands back. Which began first
  // does not matter: it may have looked already, or be the one that was slow to make its file.
  const isAlone = !ownedNames(target).some((other) => other !== name && isHeld(folder, other));
  if (isAlone) return path;
  if (taken) releasePartialFile(path, target);
  else dropPartialFile(path);
  return null;
}

/** Leaves a partial file to whoever downloads the same next. */
export function releasePartialFile(path: string, target: string): void {
  tryRename(path, `${target}${SUFFIX}`);
  held.delete(basename(path));
}

/** Removes a partial file that is of no use to anybody. */
export function dropPartialFile(path: string): void {
  rmSync(path, { force: true });
  held.delete(basename(path));
}

/** Gives a finished file its name; false where another process has taken it, because this one seemed to have ended. */
export function finishPartialFile(path: string, target: string): boolean {
  const isTaken = !existsSync(path);
  if (!isTaken) renameSync(path, target);
  held.delete(basename(path));
  return !isTaken;
}

/** Partial files of a target that belong to somebody, from the oldest. */
function ownedNames(target: string): string[] {
  const start = `${basename(target)}.`;
  return readdirSync(dirname(target))
    .filter((name) => name.startsWith(start) && OWNED.test(name))
    .sort();
}

/** Whether its process still writes it. A number alone does not tell: those of ended processes are used again. */
function isHeld(folder: string, name: string): boolean {
  const { host, pid } = OWNED.exec(name)!.groups!;
  if (host === thisHost && Number(pid) === process.pid) return held.has(name);
  const written = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - written > ABANDONED_MILLISECONDS) return false;
  return host !== thisHost || isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether somebody may still have it open: its process may sleep, or run on another machine. */
function mayBeWritten(name: string): boolean {
  const owner = OWNED.exec(name)?.groups;
  if (!owner || (owner.host === thisHost && Number(owner.pid) === process.pid)) return false;
  return owner.host !== thisHost || isAlive(Number(owner.pid));
}

/** Another file with the same content: what its former owner writes does not reach it. */
function putCopyInPlace(path: string, target: string): void {
  const copy = `${path}.copy`;
  try {
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    renameSync(copy, path);
  } catch (error) {
    rmSync(copy, { force: true });
    releasePartialFile(path, target);
    throw error;
  }
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
