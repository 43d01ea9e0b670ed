/** @file CSV and TSV: a header, then a row a record. */
import { DataError } from "../../errors.js";
import { CsvRecords } from "./csv-records.js";
import { type DataFormat, LARGEST_ROW, type RowBlock } from "./data-format.js";
import { decodeLines, lineBlocks } from "./line-blocks.js";
import { readBytes } from "./read-bytes.js";
import { RowBlockBuilder } from "./row-block-builder.js";

/** Comma-separated values. Every cell is text. */
export const csv: DataFormat = {
  title: "CSV",
  read: (path, onBytes) => readSeparated(path, onBytes, ","),
};

/** Tab-separated values, quoted as CSV is. */
export const tsv: DataFormat = {
  title: "TSV",
  read: (path, onBytes) => readSeparated(path, onBytes, "\t"),
};

async function* readSeparated(
  path: string,
  onBytes: (bytes: Uint8Array) => void,
  separator: string,
): AsyncGenerator<RowBlock> {
  const records = new CsvRecords(separator);
  const rows = new RowBlockBuilder((line) => `${path}:${line}`);
  let header: readonly string[] | null = null;
  for await (const block of lineBlocks(path, readBytes(path, onBytes))) {
    for (const record of records.push(decodeLines(path, block))) {
      const { line } = record;
      const problem = "problem" in record ? record.problem : null;
      if (header === null) {
        header = "cells" in record ? record.cells : [];
        const wrong = problem ?? headerProblem(header, separator);
        if (wrong !== null) throw new DataError("DATASET_FORMAT", `${path}:${line}: the header ${wrong}`);
      } else if ("problem" in record) {
        rows.addProblem(record.problem, line);
      } else if (record.cells.length !== header.length) {
        rows.addProblem(raggedMessage(record.cells, header, separator), line);
      } else {
        const { cells } = record;
        rows.add(JSON.stringify(Object.fromEntries(header.map((name, at) => [name, cells[at]]))), line);
      }
      if (rows.isFull) yield rows.take()!;
    }
    const open = records.openQuote;
    if (open !== null && open.characters > LARGEST_ROW) throw quoteStaysOpen(path, open.line);
  }
  const last = rows.take();
  if (last !== null) yield last;
  if (records.openQuote !== null) throw quoteStaysOpen(path, records.openQuote.line);
}

function headerProblem(header: readonly string[], separator: string): string | null {
  const [only = ""] = header;
  if (header.length === 1 && /[,;\t|]/.test(only)) {
    const needed =
      separator === "\t" ? "tabs (or name the file .csv)" : "commas (or name a file with tabs .tsv)";
    return `is one column, ${JSON.stringify(only)}; separate the columns by ${needed}`;
  }
  const empty = header.findIndex((name) => name.trim() === "");
  if (empty >= 0) {
    return `has no name for column ${empty + 1}; the first line names the columns, such as prompt and completion`;
  }
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice === undefined) return null;
  return `has two columns ${JSON.stringify(twice)}, of which only one could be read; rename or remove one`;
}

function raggedMessage(cells: readonly string[], header: readonly string[], separator: string): string {
  const name = separator === "\t" ? "tab" : "comma";
  const found = cells.length === 1 ? "1 cell" : `${cells.length} cells`;
  return (
    `has ${found}, but the header names ${header.length} columns; put cells that hold a ${name}, a quote or a line ` +
    "end into quotes"
  );
}

function quoteStaysOpen(path: string, line: number): DataError {
  return new DataError(
    "DATASET_FORMAT",
    `${path}:${line}: a quoted cell that starts here is not closed; close the quote, and double the quotes inside of it`,
  );
}
