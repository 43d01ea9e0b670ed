/** @file The process that decodes a Parquet file; `parquet.ts` starts it and asks for one block after the other. */
import { type FileHandle, open } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { compressors, decompressZstd } from "hyparquet-compressors";
import { BINARY } from "../row-forms/column-values.js";
import { BLOCK_BYTES, LARGEST_ROW } from "./data-format.js";

/** Where the row groups end in the file, in order. It is the first answer. */
export interface ParquetLayout {
  readonly groupEnds: readonly number[];
}

/** JSON lines of some rows, and behind how many rows of the file they stand. */
export interface ParquetRows {
  readonly lines: Uint8Array;
  readonly group: number;
  readonly rowsBefore: number;
}

export type ParquetAnswer =
  | ParquetLayout
  | ParquetRows
  | { readonly end: true }
  | { readonly problem: string };

const REMEDY = "it is damaged, cut short or no Parquet file: fetch or make it again";

/** Sizes beyond these are damage, or meant to fill the memory: the usual page has 1 MiB. */
const LARGEST_PAGE = 2 ** 29;
const LARGEST_FOOTER = 2 ** 26;
const LARGEST_GROUP = 2 ** 30;
const MOST_ROWS_OF_A_GROUP = 2 ** 25;

const [, , path = ""] = process.argv;
const answers = answer();

process.on("message", async () => {
  const { value, done } = await answers.next();
  const next: ParquetAnswer = done ? { end: true } : value;
  process.send!(next);
});

async function* answer(): AsyncGenerator<ParquetAnswer, void> {
  const file = await open(path, "r");
  try {
    yield* readFile(boundedBuffer(file, (await file.stat()).size));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yield { problem: error instanceof TooLarge ? reason : `cannot be decoded (${reason}); ${REMEDY}` };
  } finally {
    await file.close();
  }
}

async function* readFile(file: AsyncBuffer): AsyncGenerator<ParquetAnswer, void> {
  await checkEnds(file);
  const metadata = await inWords("the description of its columns", () =>
    parquetMetadataAsync(file, { geoparquet: false }),
  );
  checkRowGroups(metadata, file.byteLength);
  yield { groupEnds: metadata.row_groups.map((group) => endOf(group)) };
  let rowsBefore = 0;
  for (const [group, { num_rows }] of metadata.row_groups.entries()) {
    const rowEnd = rowsBefore + Number(num_rows);
    const rowStart = rowsBefore;
    const rows = await inWords(`row group ${group + 1}`, () =>
      parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd,
        compressors: boundedCompressors,
        // Bytes that are not declared to be text are text only if they can be.
        utf8: false,
        parsers: {
          stringFromBytes: (bytes) => bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes),
        },
      }),
    );
    if (rows.length !== Number(num_rows)) {
      throw new Error(`row group ${group + 1} holds ${rows.length} rows and should hold ${num_rows}`);
    }
    yield* blocksOf(rows, group, rowsBefore);
    rowsBefore = rowEnd;
  }
}

/** Names the part of a damaged file that cannot be read; what the engine says of the library's own code helps nobody. */
async function inWords<T>(part: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TooLarge || !(error instanceof Error)) throw error;
    if ("code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
      throw new Error(`${part} holds text that is not UTF-8`, { cause: error });
    }
    const isOfEngine = error instanceof TypeError || error instanceof RangeError;
    // Some messages hold bytes of the file, which could steer a terminal.
    const reason = error.message.replace(/[^ -~]/g, "?");
    throw new Error(`${part} ${isOfEngine ? "makes no sense" : `cannot be read: ${reason}`}`, {
      cause: error,
    });
  }
}

function* blocksOf(
  rows: readonly Record<string, unknown>[],
  group: number,
  groupStart: number,
): Generator<ParquetRows> {
  let lines: string[] = [];
  let characters = 0;
  let rowsBefore = groupStart;
  for (const [index, row] of rows.entries()) {
    const json = JSON.stringify(jsonValue(row));
    if (json.length > LARGEST_ROW) {
      throw new TooLarge(
        `holds more than ${LARGEST_ROW / 2 ** 20} MiB in row ${groupStart + index + 1}, more than a row can hold`,
      );
    }
    lines.push(json);
    characters += json.length;
    if (characters < BLOCK_BYTES && index + 1 < rows.length) continue;
    yield { lines: new TextEncoder().encode(`${lines.join("\n")}\n`), group, rowsBefore };
    lines = [];
    characters = 0;
    rowsBefore = groupStart + index + 1;
  }
}

/** A size that no file for training has. */
class TooLarge extends Error {}

async function checkEnds(file: AsyncBuffer): Promise<void> {
  if (file.byteLength < 12) throw new Error("it has fewer than 12 bytes");
  const start = Buffer.from(await file.slice(0, 4)).toString("latin1");
  const end = Buffer.from(await file.slice(file.byteLength - 8));
  if (start === "PARE") throw new TooLarge("is encrypted; write it again without encryption");
  if (start !== "PAR1") throw new Error("it does not start with PAR1");
  if (end.toString("latin1", 4) !== "PAR1") throw new Error("it does not end with PAR1");
  const footer = end.readUInt32LE(0);
  if (footer > LARGEST_FOOTER) throw new TooLarge(`has a footer of ${footer} bytes; ${REMEDY}`);
}

function checkRowGroups({ row_groups, num_rows }: FileMetaData, size: number): void {
  let rows = 0;
  for (const [index, group] of row_groups.entries()) {
    const count = Number(group.num_rows);
    const end = endOf(group);
    if (!(count >= 0) || !(end <= size)) throw new Error(`row group ${index + 1} lies outside of the file`);
    if (count > MOST_ROWS_OF_A_GROUP || uncompressedSize(group) > LARGEST_GROUP) {
      throw new TooLarge(
        `has a row group of ${count} rows and ${uncompressedSize(group)} bytes, which would have to be in memory at once; ` +
          "write it again with smaller row groups",
      );
    }
    rows += count;
  }
  if (rows !== Number(num_rows))
    throw new Error(`its row groups have ${rows} rows and should have ${num_rows}`);
}

type RowGroup = FileMetaData["row_groups"][number];

function uncompressedSize({ columns }: RowGroup): number {
  return columns.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
}

function endOf({ columns }: RowGroup): number {
  return columns.reduce((end, { meta_data }) => {
    if (meta_data === undefined) return end;
    const { dictionary_page_offset, data_page_offset, total_compressed_size } = meta_data;
    return Math.max(end, Number(dictionary_page_offset ?? data_page_offset) + Number(total_compressed_size));
  }, 0);
}

/** The file, with offsets that lie in it alone. */
function boundedBuffer(file: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (!(start >= 0 && start <= end && end <= byteLength)) {
        throw new Error(`bytes ${start} to ${end} lie outside of the file`);
      }
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Error("the file became shorter meanwhile");
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

/** Decompresses a page into no more than it should have. */
const boundedCompressors: Compressors = Object.fromEntries(
  Object.entries({
    ...compressors,
    GZIP: (input: Uint8Array, length: number) => gunzipSync(input, { maxOutputLength: length }),
    BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, { maxOutputLength: length }),
    ZSTD: (input: Uint8Array, length: number) => decompressZstd(input, new Uint8Array(length)),
  }).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => {
      if (length > LARGEST_PAGE) throw new TooLarge(`has a page of ${length} bytes; ${REMEDY}`);
      return length === 0 ? new Uint8Array() : decompress(input, length);
    },
  ]),
);

/** A value as JSON has it. Fields that are null inside of a row's structures are ones that the writer left out. */
function jsonValue(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  // A column is told by name if it is to be read; inside of structures it is nothing that anybody reads.
  if (value instanceof Uint8Array) return textOf(value) ?? (depth === 1 ? { [BINARY]: true } : null);
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return null;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, jsonValue(field, depth + 1)] as const);
  return Object.fromEntries(depth === 0 ? fields : fields.filter(([, field]) => field !== null));
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
