import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { RunError } from "../errors.js";

/** Copied at once. */
const BLOCK = 2 ** 20;

/** What is kept at most of what could not be written. */
const LARGEST_BACKLOG = 2 ** 24;

/**
 * A file of JSON lines that grows. What the disk does not take is kept, and written before the next line: a disk that is
 * full for a while ends no run.
 */
export class LineFile {
  readonly #path: string;
  /** Null until the file is opened. */
  #descriptor: number | null = null;
  readonly #onFailure: (error: Error) => void;
  #backlog: Buffer = Buffer.alloc(0);
  #isFailing = false;

  /** @param onFailure told once of each time of trouble */
  constructor(path: string, onFailure: (error: Error) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /**
   * Opens the file now instead of at the first line.
   *
   * @param goesOn whether the lines that are there stay
   * @throws what the file system says of a file that cannot be opened
   */
  open(goesOn: boolean): void {
    this.#descriptor = openSync(this.#path, goesOn ? "a+" : "w+");
  }

  /** Whether all lines are with the operating system, after another attempt where some were not. */
  get isComplete(): boolean {
    this.#flush();
    return this.#backlog.length === 0;
  }

  /**
   * Appends one line; it is with the operating system when this returns, unless that does not take it.
   *
   * @throws {RunError} `DISK_FULL` once more than 16 MiB would have to be kept
   */
  append(line: object): void {
    this.#backlog = Buffer.concat([this.#backlog, Buffer.from(`${JSON.stringify(line)}\n`)]);
    this.#flush();
    if (this.#backlog.length > LARGEST_BACKLOG) {
      throw new RunError(
        "DISK_FULL",
        `${this.#path} cannot be written, and no more lines can be kept for it`,
      );
    }
  }

  /**
   * Makes the file again where somebody has removed or moved it, with all of its lines. Behind another that has its name by
   * now it goes on.
   *
   * @returns whether that was so
   * @throws what the file system says where it cannot be made
   */
  restore(): boolean {
    if (this.#descriptor === null) return false;
    const named = statSync(this.#path, { throwIfNoEntry: false });
    const open = fstatSync(this.#descriptor);
    if (named?.ino === open.ino && named.dev === open.dev) return false;
    const descriptor = openSync(this.#path, "a+");
    try {
      if (named === undefined) copyAll(this.#descriptor, descriptor);
    } catch (error) {
      closeSync(descriptor);
      rmSync(this.#path, { force: true });
      throw error;
    }
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    return true;
  }

  /** Writes what is left, if the disk takes it now. */
  close(): void {
    try {
      this.#flush();
    } finally {
      if (this.#descriptor !== null) closeSync(this.#descriptor);
    }
  }

  #flush(): void {
    if (this.#backlog.length === 0) return;
    try {
      this.#descriptor ??= openSync(this.#path, "a+");
      while (this.#backlog.length > 0) {
        // A write that was cut goes on where it stopped.
        this.#backlog = this.#backlog.subarray(writeSync(this.#descriptor, this.#backlog));
      }
      this.#isFailing = false;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!this.#isFailing) this.#onFailure(error);
      this.#isFailing = true;
    }
  }
}

/** A file that was removed can be read as long as it is open. */
function copyAll(from: number, to: number): void {
  const block = Buffer.allocUnsafe(BLOCK);
  for (let offset = 0; ; ) {
    const count = readSync(from, block, 0, BLOCK, offset);
    if (count === 0) return;
    for (let written = 0; written < count; ) written += writeSync(to, block, written, count - written);
    offset += count;
  }
}
