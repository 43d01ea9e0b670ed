/** @file JSON lines: one object a line. */
import { DataError } from "../../errors.js";
import type { DataFormat, RowBlock } from "./data-format.js";
import { lineBlocks } from "./line-blocks.js";
import { readBytes } from "./read-bytes.js";

/** JSON lines, which are handed on as they are. */
export const jsonl: DataFormat = {
  title: "JSONL",
  read: (path, onBytes) => readJsonLines(path, readBytes(path, onBytes)),
};

/** @throws DataError `DATASET_FORMAT` where the bytes are those of another format */
export async function* readJsonLines(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<RowBlock> {
  for await (const { bytes, linesBefore } of lineBlocks(path, chunks)) {
    if (linesBefore === 0) refuseOtherFormats(path, bytes);
    yield { lines: bytes, problems: [], placeOf: (line) => `${path}:${linesBefore + line}` };
  }
}

/** Names the commonest files that are taken for JSONL, instead of one error a line. */
function refuseOtherFormats(path: string, bytes: Buffer): void {
  const lineEnd = bytes.indexOf("\n");
  const firstLine = bytes.subarray(0, lineEnd < 0 ? bytes.length : lineEnd);
  const text = firstLine
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  let found: string | undefined;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) found = "is compressed with gzip; let its name end with .gz";
  else if (bytes.toString("latin1", 0, 4) === "PAR1")
    found = "is a Parquet file; let its name end with .parquet";
  else if (/^\[\s*(\{|$)/.test(text)) found = "is one JSON array; let its name end with .json";
  else if (text === "{") found = "is one JSON document over several lines; let its name end with .json";
  if (found) throw new DataError("DATASET_FORMAT", `${path} ${found}`);
}
