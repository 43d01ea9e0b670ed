/** @file A lock that ends with its owner. */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { TorchError } from "./errors.js";
import { native } from "./native.js";

/** Somebody else holds the lock. */
export class FileLockedError extends TorchError {
  /** Who holds it, as far as the file tells; null where it does not. */
  readonly owner: LockOwner | null;

  constructor(path: string, owner: LockOwner | null) {
    const who = owner === null ? "another process" : `process ${owner.processId} on ${owner.host}`;
    super("TORCH_LOCKED", `${path} is locked by ${who}`);
    this.owner = owner;
  }
}

/** The process that holds a lock. */
export interface LockOwner {
  readonly processId: number;
  readonly host: string;
}

/** A lock that is held. */
export interface FileLock {
  /** Gives the lock back and removes its file, if that is still the one that was locked. A second call does nothing. */
  release(): void;
  /**
   * Takes the lock on a new file where the one that was locked has been removed or moved.
   *
   * @returns whether that was so
   * @throws FileLockedError (code TORCH_LOCKED) when somebody else holds it by now
   * @throws TorchError TORCH_FILE when the file cannot be made
   */
  renew(): boolean;
}

/**
 * Takes an exclusive lock on a file, which is made for that purpose and holds the number of this process and the name of
 * its machine. The lock is the kernel's (`flock`): it ends with the process, whatever ends that. Processes that this one
 * starts do not inherit it.
 *
 * @throws FileLockedError (code TORCH_LOCKED) when it is taken, by this process too
 * @throws TorchError TORCH_UNSUPPORTED on a file system without locks; TORCH_FILE when the file cannot be made or written
 */
export function lockFile(path: string): FileLock {
  let descriptor: number | null = takeLock(path);
  return {
    release() {
      if (descriptor === null) return;
      // In this order nobody can lock a file that is about to go away.
      if (isNamedBy(path, descriptor)) rmSync(path, { force: true });
      closeSync(descriptor);
      descriptor = null;
    },
    renew() {
      if (descriptor === null || isNamedBy(path, descriptor)) return false;
      const renewed = takeLock(path);
      closeSync(descriptor);
      descriptor = renewed;
      return true;
    },
  };
}

/** The open and locked file, which `path` names. */
function takeLock(path: string): number {
  for (;;) {
    const descriptor = asTorchError(path, () => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644));
    try {
      if (!native().tryLock(descriptor)) throw new FileLockedError(path, readOwner(path));
      if (isNamedBy(path, descriptor)) {
        asTorchError(path, () => {
          ftruncateSync(descriptor);
          writeSync(descriptor, `${process.pid} ${hostname()}\n`, 0);
        });
        return descriptor;
      }
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    // Its owner removed the file between the opening and the locking.
    closeSync(descriptor);
  }
}

function isNamedBy(path: string, descriptor: number): boolean {
  const named = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(descriptor);
  return named !== undefined && named.ino === open.ino && named.dev === open.dev;
}

function readOwner(path: string): LockOwner | null {
  try {
    const found = /^(\d{1,10}) (\S+)\n$/.exec(readFileSync(path, "utf8"));
    return found === null ? null : { processId: Number(found[1]), host: found[2]! };
  } catch {
    return null;
  }
}

function asTorchError<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new TorchError(
      "TORCH_FILE",
      `cannot lock ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
