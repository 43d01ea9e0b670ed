/** @file Reads a file of JSON lines, one object a line, without holding the file in memory. */
import { createReadStream } from "node:fs";
import { basename, extname } from "node:path";
import { shellQuote } from "../config/shell-quote.js";
import { DataError, type Problem } from "../errors.js";

/** A line that is not empty: the object it holds, or what is wrong with it. */
export type ParsedLine = { readonly line: number } & (
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly problem: string; readonly endsReading: boolean }
);

/** Mistakes of a file that are reported together. */
export const MAX_PROBLEMS = 10;

const LINE_FEED = 0x0a;
const LONGEST_LINE = 1 << 26;
/** What is read at once: some hundred rows, enough to be encoded together. */
const BLOCK_BYTES = 1 << 18;

/**
 * Reads a JSONL file as blocks of whole lines, for {@link parseLines}.
 * @param onBytes Is given everything that is read, in order: a pipe cannot be read twice.
 * @throws DataError `DATASET_UNREADABLE` where the file cannot be read, `DATASET_FORMAT` where it is no JSONL file.
 */
export async function* readBlocks(
  path: string,
  onBytes: (bytes: Buffer) => void = () => {},
): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let held = 0;
  let isFirst = true;
  const take = (): Buffer => {
    const block = Buffer.concat(pieces);
    if (isFirst) refuseOtherFormats(path, firstLine(block));
    isFirst = false;
    pieces = [];
    held = 0;
    return block;
  };
  try {
    const chunks = createReadStream(path, { highWaterMark: BLOCK_BYTES }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      onBytes(chunk);
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) {
        pieces.push(chunk.subarray(0, end));
        yield take();
      }
      if (end < chunk.length) pieces.push(chunk.subarray(end));
      held += chunk.length - end;
      if (held > LONGEST_LINE) throw lineTooLong(path);
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new DataError("DATASET_UNREADABLE", `${path} cannot be read: ${error.message}`, { cause: error });
  }
  if (held > 0) yield take();
}

/**
 * The lines of a block in order, numbered from 1: UTF-8 with or without a byte order mark, lines ended by `\n` or
 * `\r\n`, empty lines skipped, the last line with or without its end.
 *
 * A line that is no JSON object comes as a problem, so that the caller can report several together; behind one that is
 * no UTF-8 text reading ends, because the rest of such a file is no better.
 */
export function* parseLines(block: Uint8Array): Generator<ParsedLine> {
  for (const [index, text] of linesOf(block).entries()) {
    const line = index + 1;
    if (text === null) {
      const problem =
        "is not UTF-8 text; give a text file of JSON lines, saved as UTF-8 (reading stopped here)";
      yield { line, problem, endsReading: true };
      return;
    }
    const trimmed = text.trim();
    if (trimmed === "") continue;
    const row = parseRow(trimmed);
    yield typeof row === "string" ? { line, problem: row, endsReading: false } : { line, value: row };
  }
}

/** How many lines a block of whole lines has. */
export function countLines(block: Uint8Array): number {
  let lines = 0;
  for (let at = block.indexOf(LINE_FEED); at >= 0; at = block.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

/** The texts of the lines; null for one that is no UTF-8, which is the last. */
function linesOf(block: Uint8Array): (string | null)[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder.decode(block).split("\n");
  } catch {
    const lines: (string | null)[] = [];
    for (let start = 0; start < block.length; ) {
      const found = block.indexOf(LINE_FEED, start);
      const end = found < 0 ? block.length : found;
      try {
        lines.push(decoder.decode(block.subarray(start, end)));
      } catch {
        return [...lines, null];
      }
      start = end + 1;
    }
    return lines;
  }
}

function firstLine(block: Buffer): Buffer {
  const end = block.indexOf(LINE_FEED);
  return end < 0 ? block : block.subarray(0, end);
}

/** The error for what is wrong in a data file: every problem on its own line. */
export function rowsError(problems: readonly Problem[]): DataError {
  const listed = problems.map(({ where, message }) => `${where}: ${message}`);
  if (problems.length >= MAX_PROBLEMS) listed.push(`(reading stopped after ${MAX_PROBLEMS} mistakes)`);
  return new DataError("DATASET_ROWS", listed.join("\n"));
}

function lineTooLong(path: string): DataError {
  const size = `${LONGEST_LINE / (1 << 20)} MiB`;
  return new DataError(
    "DATASET_FORMAT",
    `${path} has more than ${size} without the end of a line; give a text file with one JSON object a line`,
  );
}

/** Returns the row, or what is wrong with it. */
function parseRow(text: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `is not valid JSON (${reason}); each line must hold one JSON object`;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  return `holds ${found}; each line must hold one JSON object, such as {"prompt": "...", "completion": "..."}`;
}

/** Names the commonest files that are taken for JSONL, instead of one error a line. */
function refuseOtherFormats(path: string, firstLine: Buffer): void {
  const start = firstLine.subarray(0, 4);
  const text = firstLine
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  let found: string | undefined;
  if (start[0] === 0x1f && start[1] === 0x8b)
    found = "is compressed with gzip; decompress it first (gzip -d)";
  else if (start.toString("latin1") === "PAR1") found = "is a Parquet file; convert it to JSONL first";
  else if (/^\[\s*(\{|$)/.test(text)) {
    const lines = `${basename(path, extname(path))}-lines.jsonl`;
    found = `is one JSON array; write one object a line instead: jq -c '.[]' ${shellQuote(path)} > ${shellQuote(lines)}`;
  } else if (text === "{") found = "is one JSON document over several lines; write one object a line instead";
  if (found) throw new DataError("DATASET_FORMAT", `${path} ${found}`);
}
