/** @file Parses blocks of JSON lines, one object a line. */
import { counted } from "../config/format-value.js";
import { DataError, type Problem } from "../errors.js";

/** A line that is not empty: the object it holds, or what is wrong with it. */
export type ParsedLine = { readonly line: number } & (
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly problem: string; readonly endsReading: boolean }
);

/** Mistakes of a file that are reported together. */
export const MAX_PROBLEMS = 10;

const LINE_FEED = 0x0a;

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
    if (typeof row !== "string" && HALF_ESCAPE.test(trimmed) && holdsHalfCharacter(row)) {
      const problem =
        "holds a half of a surrogate pair (such as \\ud83d without its other half), which is no character; remove it, or " +
        "write the row anew from its source";
      yield { line, problem, endsReading: false };
      continue;
    }
    yield typeof row === "string" ? { line, problem: row, endsReading: false } : { line, value: row };
  }
}

/** How JSON spells halves of characters; a file of UTF-8 cannot hold them otherwise. */
const HALF_ESCAPE = /\\u[dD][89a-fA-F]/;

/** JSON writes them as escapes, and whole characters as they are. */
const holdsHalfCharacter = (row: object): boolean => /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(row));

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

/** The error for what is wrong in a data file: each kind of problem on a line of its own. */
export function rowsError(problems: readonly Problem[]): DataError {
  const places = new Map<string, string[]>();
  for (const { where, message } of problems) places.set(message, [...(places.get(message) ?? []), where]);
  const listed = [...places].map(([message, [first, ...others]]) => {
    const same =
      others.length === 0 ? "" : ` (and ${counted(others.length, "more row")}, the last ${others.at(-1)})`;
    return `${first}: ${message}${same}`;
  });
  if (problems.length >= MAX_PROBLEMS) listed.push(`(reading stopped after ${MAX_PROBLEMS} mistakes)`);
  return new DataError("DATASET_ROWS", listed.join("\n"));
}

/** Returns the row, or what is wrong with it. */
function parseRow(text: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The start of a record of CSV, not of a damaged object.
    if (!/^[[{"]/.test(text)) {
      return "is not valid JSON: a row is one JSON object, which begins with {; a file of CSV, TSV or text needs a name that ends with .csv, .tsv or .txt";
    }
    const reason = error instanceof Error ? error.message : String(error);
    const ofPython = /^\{\s*'/.test(text) ? ", with texts in double quotes (Python: json.dumps)" : "";
    return `is not valid JSON (${reason}); a row is one JSON object${ofPython}`;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  return `holds ${found}; a row is one JSON object, such as {"prompt": "...", "completion": "..."}`;
}
