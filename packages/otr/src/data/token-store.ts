/** @file Rows of tokens in one binary file, of which only the rows at hand are in memory. */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { DataError } from "../errors.js";
import { type EncodedRow, IGNORE_INDEX } from "./encoded-row.js";

/** Rows that are read when they are needed. */
export interface TokenRows {
  /** How many rows there are. */
  readonly length: number;
  /** Tokens of each row. */
  readonly lengths: Uint32Array;
  /**
   * Reads rows, in the order of `indices`.
   * @throws DataError `TOKEN_STORE_UNREADABLE`
   */
  read(indices: Iterable<number>): Promise<EncodedRow[]>;
  /** Closes the file behind the rows, after the reads under way. */
  close(): Promise<void>;
}

/** What the file holds beside its tokens; all that is in memory of it, with 8 more bytes a row. */
export interface TokenIndex {
  /** What {@link EncodedRow.id} is of each row. */
  readonly ids: Uint32Array;
  /** Tokens of each row. */
  readonly lengths: Uint32Array;
  /** Anything that JSON can write. */
  readonly description: unknown;
}

/**
 * The start of the file: magic (8 bytes), version, CRC-32 of all that follows, rows, bytes of the description (32 bits
 * each) and tokens (a 64-bit float). Tokens, ids, lengths and description follow.
 */
export const HEADER_BYTES = 32;
const MAGIC = Buffer.from("OTR_ROWS");
const VERSION = 1;
const TOKEN_BYTES = 4;

/** The header of a file with these contents. */
export function tokenStoreHeader(facts: {
  checksum: number;
  rows: number;
  tokens: number;
  descriptionBytes: number;
}): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(facts.checksum, 12);
  header.writeUInt32LE(facts.rows, 16);
  header.writeUInt32LE(facts.descriptionBytes, 20);
  header.writeDoubleLE(facts.tokens, 24);
  return header;
}

/** A token as it is stored: its complement where it is not learned. */
export function storedToken(id: number, label: number): number {
  return label === IGNORE_INDEX ? ~id : id;
}

/** An open file of rows. */
export class TokenStore implements TokenRows {
  readonly lengths: Uint32Array;
  readonly description: unknown;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #ids: Uint32Array;
  /** The token at which each row starts. */
  readonly #starts: Float64Array;

  /** @param path what errors call the file */
  constructor(path: string, file: FileHandle, index: TokenIndex) {
    this.#path = path;
    this.#file = file;
    this.#ids = index.ids;
    this.lengths = index.lengths;
    this.description = index.description;
    this.#starts = new Float64Array(index.lengths.length);
    let start = 0;
    for (let row = 0; row < index.lengths.length; row++) {
      this.#starts[row] = start;
      start += index.lengths[row]!;
    }
  }

  /** Opens a file after reading all of it once; null where it is missing, torn, or no such file. */
  static async open(path: string): Promise<TokenStore | null> {
    let file: FileHandle;
    try {
      file = await open(path, "r");
    } catch {
      return null;
    }
    try {
      const index = await readIndex(file);
      if (index !== null) return new TokenStore(path, file, index);
    } catch {
      // A file that cannot be read is made again, as one that is torn.
    }
    await file.close();
    return null;
  }

  get length(): number {
    return this.lengths.length;
  }

  read(indices: Iterable<number>): Promise<EncodedRow[]> {
    return Promise.all(Array.from(indices, (index) => this.#readRow(index)));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #readRow(index: number): Promise<EncodedRow> {
    const inputIds = new Int32Array(this.lengths[index]!);
    const position = HEADER_BYTES + TOKEN_BYTES * this.#starts[index]!;
    try {
      await readExactly(this.#file, new Uint8Array(inputIds.buffer), position);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError(
        "TOKEN_STORE_UNREADABLE",
        `the tokens of row ${this.#ids[index]! + 1} cannot be read from ${this.#path} (${reason}); start again, which ` +
          "makes the file anew",
        { cause: error },
      );
    }
    const labels = inputIds.slice();
    for (let at = 0; at < inputIds.length; at++) {
      if (inputIds[at]! >= 0) continue;
      inputIds[at] = ~inputIds[at]!;
      labels[at] = IGNORE_INDEX;
    }
    return { id: this.#ids[index]!, inputIds, labels };
  }
}

async function readIndex(file: FileHandle): Promise<TokenIndex | null> {
  const { size } = await file.stat();
  if (size < HEADER_BYTES) return null;
  const header = Buffer.alloc(HEADER_BYTES);
  await readExactly(file, header, 0);
  if (!header.subarray(0, 8).equals(MAGIC) || header.readUInt32LE(8) !== VERSION) return null;
  const rows = header.readUInt32LE(16);
  const descriptionBytes = header.readUInt32LE(20);
  const tokens = header.readDoubleLE(24);
  const indexStart = HEADER_BYTES + TOKEN_BYTES * tokens;
  if (indexStart + 2 * TOKEN_BYTES * rows + descriptionBytes !== size) return null;
  if ((await checksumOf(file, size)) !== header.readUInt32LE(12)) return null;

  const tail = new Uint8Array(size - indexStart);
  await readExactly(file, tail, indexStart);
  return {
    ids: new Uint32Array(tail.buffer, 0, rows),
    lengths: new Uint32Array(tail.buffer, TOKEN_BYTES * rows, rows),
    description: JSON.parse(Buffer.from(tail.buffer, 2 * TOKEN_BYTES * rows).toString("utf8")),
  };
}

async function checksumOf(file: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.alloc(Math.min(1 << 20, size));
  let checksum = 0;
  for (let position = HEADER_BYTES; position < size; position += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, size - position));
    await readExactly(file, part, position);
    checksum = crc32(part, checksum);
  }
  return checksum;
}

async function readExactly(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await file.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error("the file ends too early");
    done += bytesRead;
  }
}
