/** @file Reads data files in tests. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFormat, WantedSplit } from "../../../src/data/formats/data-format.js";
import { parseLines } from "../../../src/data/read-rows.js";
import { temporaryFolder } from "../byte-tokenizer.js";

/** A row with its place behind the file's name (`:3`), or what is wrong with it. */
export interface PlacedRow {
  readonly place: string;
  readonly row: unknown;
}

/** All rows of a file, those that are wrong as what is said of them. */
export async function readAll(format: DataFormat, path: string, split?: WantedSplit): Promise<PlacedRow[]> {
  const rows: PlacedRow[] = [];
  for await (const { lines, problems, placeOf } of format.read(path, () => {}, split)) {
    const parsed = [...parseLines(lines)].map((line) =>
      "problem" in line ? { line: line.line, row: line.problem } : { line: line.line, row: line.value },
    );
    const wrong = problems.map(({ line, message }) => ({ line, row: message }));
    const all = [...parsed, ...wrong].sort((a, b) => a.line - b.line);
    rows.push(...all.map(({ line, row }) => ({ place: placeOf(line).replace(path, ""), row })));
  }
  return rows;
}

/** The rows of a file with this content. */
export async function readContent(
  format: DataFormat,
  content: string | Uint8Array,
  { name = "rows", split }: { name?: string; split?: WantedSplit } = {},
): Promise<PlacedRow[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return readAll(format, path, split);
}
