/** @file Reads numbers, strings and arrays from the start of a file, none beyond its end. */
import { readSync } from "node:fs";
import { ggufInvalid } from "./gguf-error.js";

/** Beyond this, what comes before the weights is no header: the largest vocabularies take some 20 MB. */
export const LARGEST_HEADER = 256 * 2 ** 20;
const BLOCK = 2 ** 20;

/** A position in a file that only moves forward. All numbers are little-endian. */
export class HeaderReader {
  /** Bytes of the file from {@link #start} on. */
  #block = Buffer.alloc(0);
  #start = 0;
  #offset = 0;

  constructor(
    private readonly descriptor: number,
    readonly path: string,
    /** Bytes of the file. */
    readonly size: number,
  ) {}

  /** Bytes from the start of the file. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws {DataError} `GGUF_INVALID` where fewer than `count` bytes are left; `what` names what would lie there */
  require(count: number, what: string): void {
    const available = Math.min(this.size, LARGEST_HEADER) - this.#offset;
    if (count <= available) return;
    const limit = this.size <= LARGEST_HEADER ? "the file has" : "a header can have";
    throw ggufInvalid(
      this.path,
      `${what} at byte ${this.#offset} takes ${count.toLocaleString("en")} bytes, but ${limit} ${available.toLocaleString("en")} more`,
    );
  }

  /** The next bytes; valid until the next call. */
  bytes(count: number, what: string): Buffer {
    this.require(count, what);
    let begin = this.#offset - this.#start;
    if (begin + count > this.#block.length) {
      this.#load(Math.max(count, BLOCK));
      begin = 0;
    }
    this.#offset += count;
    return this.#block.subarray(begin, begin + count);
  }

  uint32(what: string): number {
    return this.bytes(4, what).readUInt32LE();
  }

  /** A count or a size: an unsigned integer of 64 bits that must be exact. */
  count(what: string): number {
    const value = this.bytes(8, what).readBigUInt64LE();
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value);
    throw ggufInvalid(this.path, `${what} at byte ${this.#offset - 8} is ${value}`);
  }

  /** A string with its length before it. Bytes that are no UTF-8 become U+FFFD. */
  string(what: string): string {
    const length = this.count(`the length of ${what}`);
    return this.bytes(length, what).toString("utf8");
  }

  #load(count: number): void {
    const length = Math.min(count, this.size - this.#offset);
    const block = Buffer.alloc(length);
    for (let read = 0; read < length; ) {
      const more = readSync(this.descriptor, block, read, length - read, this.#offset + read);
      if (more === 0) throw ggufInvalid(this.path, `it ends at byte ${this.#offset + read} while it is read`);
      read += more;
    }
    this.#block = block;
    this.#start = this.#offset;
  }
}
