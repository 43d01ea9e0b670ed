/** @file Files that are damaged by chance, the same in every run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFormat } from "../../../src/data/formats/data-format.js";
import { DataError } from "../../../src/errors.js";

/** Whole numbers below a bound, by a generator with 32 bits of state (mulberry32). */
export function draws(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % bound;
  };
}

/** What parsers trip over. */
const PIECES = [
  '"',
  '""',
  ",",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "\0",
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  "\ufeff",
  "é",
  "null",
  "1e999",
];

/** A copy with some bytes changed, cut out, doubled or put in, or the end cut off. */
export function mutate(bytes: Buffer, draw: (bound: number) => number): Buffer {
  let result = Buffer.from(bytes);
  for (let change = draw(4); change >= 0; change--) {
    const at = draw(result.length + 1);
    const end = Math.min(result.length, at + 1 + draw(draw(8) === 0 ? 200 : 8));
    const [before, part, after] = [result.subarray(0, at), result.subarray(at, end), result.subarray(end)];
    const inserted = Buffer.from(PIECES[draw(PIECES.length)]!);
    const random = Buffer.from(Array.from({ length: part.length }, () => draw(256)));
    const extreme = Buffer.alloc(part.length, draw(2) === 0 ? 0xff : 0);
    const choices = [
      [before, random, after],
      [before, extreme, after],
      [before, after],
      [before, part, part, after],
      [before, inserted, part, after],
      [before],
    ];
    result = Buffer.concat(choices[draw(choices.length)]!);
  }
  return result;
}

/** Longer than this no small file may take. */
const LIMIT_MILLISECONDS = 10_000;

/**
 * Reads damaged copies of a file; returns how many of them could be read.
 * @throws whatever a file leads to other than rows or a DataError, in time
 */
export async function readMutations(
  format: DataFormat,
  whole: Buffer,
  { cases, seed, folder }: { cases: number; seed: number; folder: string },
): Promise<number> {
  const draw = draws(seed);
  let readable = 0;
  for (let at = 0; at < cases; at++) {
    const path = join(folder, "damaged");
    writeFileSync(path, mutate(whole, draw));
    const began = performance.now();
    try {
      for await (const { lines, problems, placeOf } of format.read(path, () => {})) {
        if (lines.length === 0 || problems.some(({ line }) => placeOf(line) === ""))
          throw new Error("an empty block");
      }
      readable++;
    } catch (error) {
      if (!(error instanceof DataError || (error instanceof Error && error.name === "DataError"))) {
        throw new Error(`case ${at} of seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
    const took = performance.now() - began;
    if (took > LIMIT_MILLISECONDS) throw new Error(`case ${at} of seed ${seed} took ${took} ms`);
  }
  return readable;
}
