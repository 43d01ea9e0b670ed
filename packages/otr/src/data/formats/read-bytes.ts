/** @file The bytes of a data file, decompressed where its name ends with `.gz`. */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../../errors.js";
import { BLOCK_BYTES } from "./data-format.js";

/**
 * Reads a file in pieces.
 * @param onBytes Is given the bytes of the file as they are, in order: a pipe cannot be read twice.
 * @throws DataError `DATASET_UNREADABLE`, and `DATASET_FORMAT` where what ends with `.gz` is no sound gzip file
 */
export async function* readBytes(path: string, onBytes: (bytes: Uint8Array) => void): AsyncGenerator<Buffer> {
  try {
    if (path.toLowerCase().endsWith(".gz")) yield* decompressed(readFile(path, onBytes));
    else yield* readFile(path, onBytes);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error instanceof DataError) throw error;
    if (String(error.code).startsWith("Z_")) {
      throw new DataError(
        "DATASET_FORMAT",
        `${path} cannot be decompressed (${error.message}); it is damaged, cut short or no gzip file: fetch or make it again`,
        { cause: error },
      );
    }
    if (!("syscall" in error)) throw error;
    throw new DataError("DATASET_UNREADABLE", `${path} cannot be read: ${error.message}`, { cause: error });
  }
}

async function* readFile(path: string, onBytes: (bytes: Uint8Array) => void): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  for await (const chunk of chunks) {
    onBytes(chunk);
    yield chunk;
  }
}

async function* decompressed(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  const done = pipeline(Readable.from(chunks), gunzip);
  // What fails there fails here too: the pipeline destroys its end with the error.
  done.catch(() => {});
  yield* gunzip;
}
