/** @file Lets one set-up at a time write into the cache, and survives one that was killed. */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const BEAT_MS = 5_000;
const STALE_MS = 30_000;

/**
 * Runs `work` while holding the lock file `path`. A lock whose process is gone, or that nobody has touched for
 * half a minute, is taken over.
 *
 * @template T
 * @param {string} path
 * @param {(holder: string) => void} onWait called once, with the holder's name, when another process has the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  const self = `${hostname()} ${process.pid}`;
  for (let told = false; !take(path, self); told = true) {
    if (!told) onWait(readText(path));
    await sleep(500);
  }
  const beat = setInterval(() => touch(path), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} self
 * @returns {boolean}
 */
function take(path, self) {
  if (isStale(path)) rmSync(path, { force: true });
  try {
    writeFileSync(path, self, { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path */
function isStale(path) {
  const [host, pid] = readText(path).split(" ");
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The lock was removed by hand: the work goes on.
  }
}
