/** @file Reads `metrics.jsonl`, which may be longer than memory and may end in the middle of a line. */
import { closeSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { DataError } from "../errors.js";

/** A place between two lines. */
export interface MetricsPosition {
  /** Lines before it. */
  readonly lines: number;
  /** Bytes before it. */
  readonly bytes: number;
}

/** Before the first line. */
export const METRICS_START: MetricsPosition = { lines: 0, bytes: 0 };

const lineSchema = z.looseObject({ step: z.int().min(0) });

/** What a line holds: `step`, and numbers under other names (docs/files.md). */
export type MetricsValues = z.output<typeof lineSchema>;

/** One line of `metrics.jsonl`. */
export interface MetricsLine {
  readonly values: MetricsValues;
  /** The place behind it. */
  readonly end: MetricsPosition;
}

/** What stands behind the last line break of a file: a line that its writer did not finish. */
export interface TornLine {
  /** Its number, from 1. */
  readonly line: number;
  readonly bytes: number;
}

const BLOCK_BYTES = 65_536;
/** Far more than a line has; what is longer comes from elsewhere. */
const MOST_LINE_BYTES = 2 ** 20;
const LINE_BREAK = 0x0a;

/**
 * The lines of `metrics.jsonl` from a place on, one at a time, in bounded memory. A line without its line break is not
 * handed out: its writer was stopped in the middle of it, or is writing it now.
 *
 * @returns that line, where there is one
 * @throws {DataError} `METRICS_INVALID` with the number of a line that no run wrote
 * @throws {Error} of Node where the file cannot be read
 */
export function* readMetrics(
  path: string,
  from: MetricsPosition = METRICS_START,
): Generator<MetricsLine, TornLine | null, void> {
  const descriptor = openSync(path, "r");
  try {
    let { lines, bytes } = from;
    let rest = Buffer.alloc(0);
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK_BYTES);
      const count = readSync(descriptor, block, 0, BLOCK_BYTES, bytes + rest.length);
      if (count === 0) break;
      const held = Buffer.concat([rest, block.subarray(0, count)]);
      let start = 0;
      for (let end = held.indexOf(LINE_BREAK); end >= 0; end = held.indexOf(LINE_BREAK, start)) {
        const text = held.toString("utf8", start, end);
        lines += 1;
        bytes += end + 1 - start;
        start = end + 1;
        yield { values: parseLine(text, path, lines), end: { lines, bytes } };
      }
      rest = held.subarray(start);
      if (rest.length > MOST_LINE_BYTES) {
        throw invalid(path, lines + 1, `has more than ${MOST_LINE_BYTES.toLocaleString("en")} bytes`);
      }
    }
    return rest.length === 0 ? null : { line: lines + 1, bytes: rest.length };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The line that a killed run left unfinished at the end of the file, or null.
 *
 * @throws as {@link readMetrics}
 */
export function findTornLine(path: string): TornLine | null {
  const lines = readMetrics(path);
  let next = lines.next();
  while (!next.done) next = lines.next();
  return next.value;
}

function parseLine(text: string, path: string, line: number): MetricsValues {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid(path, line, "is no JSON");
  }
  const { success, data } = lineSchema.safeParse(document);
  if (!success) throw invalid(path, line, "is no JSON object with a whole number step");
  return data;
}

const invalid = (path: string, line: number, what: string): DataError =>
  new DataError(
    "METRICS_INVALID",
    `${path}:${line} ${what}, so what was measured cannot be read from there on; remove that line, or take the file from a backup`,
  );
