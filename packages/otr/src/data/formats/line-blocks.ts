/** @file Cuts the bytes of a text file into blocks of whole lines. */
import { DataError } from "../../errors.js";
import { LARGEST_ROW } from "./data-format.js";

/** Whole lines of a file; the last of a file may lack its end. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** How many lines stand before them. */
  readonly linesBefore: number;
}

const LINE_FEED = 0x0a;

/**
 * Blocks of whole lines, about as large as the pieces that come in.
 * @throws DataError `DATASET_FORMAT` for a line longer than {@link LARGEST_ROW}
 */
export async function* lineBlocks(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<LineBlock> {
  let pieces: Buffer[] = [];
  let held = 0;
  let lines = 0;
  const take = (): LineBlock => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    const block = { bytes, linesBefore: lines };
    lines += countLines(bytes);
    pieces = [];
    held = 0;
    return block;
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    // A first line end may stand far before the last.
    const longest = held + (end > 0 ? chunk.indexOf(LINE_FEED) : chunk.length);
    if (longest > LARGEST_ROW) throw lineTooLong(path, lines + 1);
    if (end > 0) {
      pieces.push(chunk.subarray(0, end));
      yield take();
    }
    if (end < chunk.length) pieces.push(chunk.subarray(end));
    held += chunk.length - end;
  }
  if (held > 0) yield take();
}

/** How many line ends some bytes hold. */
function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

function lineTooLong(path: string, line: number): DataError {
  const size = `${LARGEST_ROW / (1 << 20)} MiB`;
  return new DataError(
    "DATASET_FORMAT",
    `${path}:${line}: has more than ${size} without the end of a line; a row can hold no more, and a file of rows is text`,
  );
}

/**
 * The text of a block.
 * @throws DataError `DATASET_FORMAT` with the first line that is no UTF-8 text, or that holds a NUL character
 */
export function decodeLines(path: string, { bytes, linesBefore }: LineBlock): string {
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const line = linesBefore + 1 + countLines(bytes.subarray(0, nul));
    const why = "which no text does: it is a binary file, or text in UTF-16; save it as UTF-8";
    throw new DataError("DATASET_FORMAT", `${path}:${line}: holds a NUL character, ${why}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: linesBefore > 0 }).decode(bytes);
  } catch {
    const line = linesBefore + firstUndecodable(bytes);
    throw new DataError("DATASET_FORMAT", `${path}:${line}: is not UTF-8 text; save the file as UTF-8`);
  }
}

function firstUndecodable(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}
