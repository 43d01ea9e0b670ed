/** @file Reads a file of JSON lines, one object a line, without holding the file in memory. */
import { createReadStream } from "node:fs";
import { basename, extname } from "node:path";
import { shellQuote } from "../config/shell-quote.js";
import { DataError, type Problem } from "../errors.js";

/** A row as it stands in the file. */
export interface SourceRow {
  /** The 0-based number of the row, empty lines not counted. It names the row for good, whatever is dropped later. */
  readonly id: number;
  /** The 1-based line. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What {@link readRows} hands out: rows, or, for a line that holds none, what is wrong with it. */
export type RowOrProblem = { readonly row: SourceRow } | { readonly problem: Problem };

/** Mistakes of a file that are reported together. */
export const MAX_PROBLEMS = 10;

const LINE_FEED = 0x0a;
const LONGEST_LINE = 1 << 26;

/**
 * Reads the rows of a JSONL file in order: UTF-8 with or without a byte order mark, lines ended by `\n` or `\r\n`,
 * empty lines skipped, the last line with or without its end.
 *
 * A line that is no JSON object comes as a problem with its place, so that the caller can report several together; one
 * that is no UTF-8 text is the last, because the rest of such a file is no better.
 * @param onBytes Is given everything that is read, in order: a pipe cannot be read twice.
 * @throws DataError `DATASET_UNREADABLE` where the file cannot be read, `DATASET_FORMAT` where it is no JSONL file.
 */
export async function* readRows(
  path: string,
  onBytes: (bytes: Buffer) => void = () => {},
): AsyncGenerator<RowOrProblem> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 0;
  let id = 0;
  for await (const bytes of readLines(path, onBytes)) {
    line += 1;
    if (line === 1) refuseOtherFormats(path, bytes);
    const where = `${path}:${line}`;
    let text: string;
    try {
      text = decoder.decode(bytes).trim();
    } catch {
      const message =
        "is not UTF-8 text; give a text file of JSON lines, saved as UTF-8 (reading stopped here)";
      yield { problem: { where, message } };
      return;
    }
    if (text === "") continue;
    const row = parseRow(text);
    if (typeof row === "string") yield { problem: { where, message: row } };
    else yield { row: { id: id++, line, value: row } };
  }
}

/** The error for what is wrong in a data file: every problem on its own line. */
export function rowsError(problems: readonly Problem[]): DataError {
  const listed = problems.map(({ where, message }) => `${where}: ${message}`);
  if (problems.length >= MAX_PROBLEMS) listed.push(`(reading stopped after ${MAX_PROBLEMS} mistakes)`);
  return new DataError("DATASET_ROWS", listed.join("\n"));
}

async function* readLines(path: string, onBytes: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let held = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      onBytes(chunk);
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        pieces.push(chunk.subarray(start, end));
        yield Buffer.concat(pieces);
        pieces = [];
        held = 0;
        start = end + 1;
      }
      if (start < chunk.length) pieces.push(chunk.subarray(start));
      held += chunk.length - start;
      if (held > LONGEST_LINE) throw lineTooLong(path);
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new DataError("DATASET_UNREADABLE", `${path} cannot be read: ${error.message}`, { cause: error });
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
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
