/** @file JSON: a list of rows, an object with one list of rows or one for each split, or, as many tools write it, JSON lines. */
import { DataError } from "../../errors.js";
import { ROW_COLUMNS } from "../../config/row-columns.js";
import { type DataFormat, LARGEST_ROW, type RowBlock, TRAIN_SPLIT, type WantedSplit } from "./data-format.js";
import { JsonDocumentError, JsonRows } from "./json-rows.js";
import { readJsonLines } from "./jsonl.js";
import { readBytes } from "./read-bytes.js";
import { RowBlockBuilder } from "./row-block-builder.js";

/** JSON documents, of which one row at a time is in memory. */
export const json: DataFormat = {
  title: "JSON",
  holdsSplits: true,
  async *read(path, onBytes, split = TRAIN_SPLIT) {
    const chunks = readBytes(path, onBytes);
    const start = await readStart(chunks);
    const whole = chain(start.bytes, chunks);
    if (!isJsonLines(start)) yield* readDocument(path, whole, split);
    else if (!split.isNamed) yield* readJsonLines(path, whole);
    else {
      throw new DataError(
        "DATASET_FORMAT",
        `${path} holds JSON lines, which have no splits; leave out the split ${split.name}`,
      );
    }
  },
};

interface FileStart {
  readonly bytes: Buffer;
  /** Whether more than blanks follows the first line. */
  readonly goesOn: boolean;
}

/** Reads until something follows the first line, or to the end. */
async function readStart(chunks: AsyncGenerator<Buffer>): Promise<FileStart> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const next = await chunks.next();
    if (next.done) return { bytes: Buffer.concat(pieces), goesOn: false };
    pieces.push(next.value);
    length += next.value.length;
    // Later pieces are looked at only once a line has ended.
    if (length <= LARGEST_ROW && !next.value.includes("\n")) continue;
    const bytes = Buffer.concat(pieces);
    const goesOn = hasSecondLine(bytes.toString("latin1").trimStart());
    if (goesOn || length > LARGEST_ROW) return { bytes, goesOn };
    pieces.splice(0, pieces.length, bytes);
  }
}

function hasSecondLine(text: string): boolean {
  const end = text.indexOf("\n");
  return end >= 0 && text.slice(end).trim() !== "";
}

async function* chain(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  yield* rest;
}

/** Whether the first line is an object of its own, and no document that happens to be written in one line. */
function isJsonLines({ bytes, goesOn }: FileStart): boolean {
  const [first = ""] = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart()
    .split("\n", 1);
  if (!first.startsWith("{")) return false;
  try {
    const row: object = JSON.parse(first);
    return goesOn || ROW_COLUMNS.some((column) => column in row);
  } catch {
    return false;
  }
}

async function* readDocument(
  path: string,
  chunks: AsyncGenerator<Buffer>,
  split: WantedSplit,
): AsyncGenerator<RowBlock> {
  const document = new JsonRows(LARGEST_ROW, split);
  const rows = new RowBlockBuilder((line) => `${path}:${line}`);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of chunks) {
      for (const { json, line } of document.push(chunk)) {
        try {
          rows.add(decoder.decode(json), line);
        } catch {
          rows.addProblem("is not UTF-8 text; save the file as UTF-8", line);
        }
        if (rows.isFull) yield rows.take()!;
      }
    }
    const last = rows.take();
    if (last !== null) yield last;
    document.finish();
  } catch (error) {
    if (!(error instanceof JsonDocumentError)) throw error;
    throw new DataError("DATASET_FORMAT", `${path}:${error.line}: ${error.message}`);
  }
}
