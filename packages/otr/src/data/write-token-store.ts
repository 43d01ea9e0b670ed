/** @file Writes rows of tokens into a file, row by row, so that they are never in memory together. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { HEADER_BYTES, TokenStore, tokenStoreHeader } from "./token-store.js";

/** Some rows: `tokens` holds them end to end, each as `storedToken` writes it. */
export interface StoredRows {
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
  readonly tokens: Int32Array<ArrayBuffer>;
}

/** The end of the names of files that are being written. */
export const UNFINISHED = ".tmp";

/** A file of rows that is being written. */
export class TokenStoreWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #ids: Uint32Array[] = [];
  readonly #lengths: Uint32Array[] = [];
  #checksum = 0;
  #tokens = 0;
  #position = HEADER_BYTES;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Starts a file in a folder, which is made if it is missing. Throws Node's own error where that cannot be.
   * @param isKept false: the file goes with its last reader, or with this process
   */
  static async create(folder: string, isKept: boolean): Promise<TokenStoreWriter> {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${randomUUID()}${UNFINISHED}`);
    const file = await open(path, "wx+", 0o600);
    // What has no name needs no tidying, not even after a kill.
    if (!isKept) await rm(path);
    return new TokenStoreWriter(path, file);
  }

  /** Appends rows. */
  async append({ ids, lengths, tokens }: StoredRows): Promise<void> {
    this.#ids.push(ids);
    this.#lengths.push(lengths);
    this.#tokens += tokens.length;
    await this.#write(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
  }

  /**
   * Ends the file and hands it out for reading.
   * @param path where it stays; null for one that is not kept
   */
  async finish(description: unknown, path: string | null): Promise<TokenStore> {
    const ids = concatenate(this.#ids);
    const lengths = concatenate(this.#lengths);
    const text = Buffer.from(JSON.stringify(description));
    for (const part of [new Uint8Array(ids.buffer), new Uint8Array(lengths.buffer), text]) {
      await this.#write(part);
    }
    const facts = {
      checksum: this.#checksum,
      rows: ids.length,
      tokens: this.#tokens,
      descriptionBytes: text.length,
    };
    await writeAll(this.#file, tokenStoreHeader(facts), 0);
    if (path !== null) await rename(this.#path, path);
    return new TokenStore(path ?? this.#path, this.#file, { ids, lengths, description });
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#checksum = crc32(bytes, this.#checksum);
    await writeAll(this.#file, bytes, this.#position);
    this.#position += bytes.length;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
