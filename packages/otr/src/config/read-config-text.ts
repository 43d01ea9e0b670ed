/** @file Reads the text of a configuration file within limits, before anything tries to understand it. */
import { closeSync, openSync, readSync } from "node:fs";
import { checkTextFile } from "./check-paths.js";
import { ROW_COLUMNS } from "./row-columns.js";
import { shellQuote } from "./shell-quote.js";

const SIZE_LIMIT = 1 << 20;

/**
 * The text of a configuration file of at most 1 MiB, which may also be a pipe, or what is wrong with it.
 *
 * @param rowsOption The flag that takes files of rows, to be named where the file is one; null: there is none.
 */
export function readConfigText(
  path: string,
  rowsOption: string | null,
): { readonly text: string } | { readonly problem: string } {
  const unreadable = checkTextFile(path);
  if (unreadable !== null) return { problem: `the configuration file ${unreadable}` };
  const bytes = readStart(path, SIZE_LIMIT + 1);
  const isNamedAsRows = /\.(jsonl|ndjson|csv|tsv|parquet)(\.gz)?$/i.test(path);
  if (rowsOption !== null && (isNamedAsRows || startsWithRow(bytes.toString("utf8")))) {
    return { problem: `holds rows, not options. Did you mean ${rowsOption} ${shellQuote(path)}?` };
  }
  const advice = "Give a YAML or JSON file of options.";
  if (bytes.includes(0)) return { problem: `is a binary file, not a configuration. ${advice}` };
  if (bytes.length > SIZE_LIMIT) {
    return { problem: `is larger than 1 MiB, too large for a configuration. ${advice}` };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `is not UTF-8 text. ${advice}` };
  }
}

/** Whether the first line is a JSON object with a column of training rows. */
function startsWithRow(text: string): boolean {
  const [first = ""] = text.trimStart().split("\n", 1);
  try {
    const row: unknown = JSON.parse(first);
    return typeof row === "object" && row !== null && ROW_COLUMNS.some((column) => column in row);
  } catch {
    return false;
  }
}

/** At most `limit` bytes from the start of a file, which need not know its size. */
function readStart(path: string, limit: number): Buffer {
  const buffer = Buffer.alloc(limit);
  const file = openSync(path, "r");
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < limit; length += read) {
      read = readSync(file, buffer, length, limit - length, null);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
