import { closeSync, openSync, writeSync } from "node:fs";
import { RunError } from "../errors.js";

/** What is kept at most of what could not be written. */
const LARGEST_BACKLOG = 2 ** 24;

/**
 * A file of JSON lines that grows. What the disk does not take is kept, and written before the next line: a disk that is
 * full for a while ends no run.
 */
export class LineFile {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #onFailure: (error: Error) => void;
  #backlog: Buffer = Buffer.alloc(0);
  #isFailing = false;

  /**
   * @param goesOn whether the lines that are there stay
   * @param onFailure told once of each time of trouble
   * @throws what the file system says of a file that cannot be opened
   */
  constructor(path: string, goesOn: boolean, onFailure: (error: Error) => void) {
    this.#path = path;
    this.#descriptor = openSync(path, goesOn ? "a" : "w");
    this.#onFailure = onFailure;
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

  /** Writes what is left, if the disk takes it now. */
  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #flush(): void {
    try {
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
