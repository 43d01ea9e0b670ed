/** @file Lets one set-up at a time write into the cache, and survives one that was killed. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const BEAT_MS = 5_000;
const STALE_MS = 30_000;

/**
 * Runs `work` while no other process does so under the same `path`. Each contender writes a file of its own, `path`
 * with a random ending, and works when it then sees no other's; otherwise it takes its file back and tries again a
 * little later. Of two contenders the one that writes last sees the other, and removing the file of one that is gone
 * can never hit one that lives: one file that is taken over could not promise either.
 *
 * @template T
 * @param {string} path
 * @param {(holder: string) => void} onWait called once, with the holder's name, when another process is at work
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  const own = `${path}.${randomUUID()}`;
  try {
    for (let told = false; ; told = true) {
      writeFileSync(own, `${hostname()} ${process.pid}`);
      const other = otherHolder(path, own);
      if (other === undefined) break;
      rmSync(own, { force: true });
      if (!told) onWait(other);
      await sleep(100 + 400 * Math.random());
    }
    const beat = setInterval(() => touch(own), BEAT_MS);
    beat.unref();
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Who else holds or wants the lock. Files of processes that are gone, or that nobody has touched for half a minute,
 * are removed.
 *
 * @param {string} path
 * @param {string} own
 * @returns {string | undefined}
 */
function otherHolder(path, own) {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.startsWith(`${basename(path)}.`) || name === basename(own)) continue;
    if (!isStale(file)) return readText(file);
    rmSync(file, { force: true });
  }
  return undefined;
}

/** @param {string} path */
function isStale(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || Date.now() - stat.mtimeMs > STALE_MS) return true;
  const [host, pid] = readText(path).split(" ");
  return host === hostname() && !isAlive(Number(pid));
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
