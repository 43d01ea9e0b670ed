import { describe, expect, it } from "vitest";
import { type Bins, bestFitDecreasing } from "../../src/data/bins.js";

const rowsOf = (bins: Bins) => Array.from({ length: bins.count }, (_, bin) => [...bins.rowsOf(bin)]);

/** The same rule, slow and obvious; returns the bins' fillings, sorted, for equal rooms may be filled in any order. */
function slowFillings(lengths: readonly number[], capacity: number): number[] {
  const rooms: number[] = [];
  for (const length of [...lengths].sort((a, b) => b - a)) {
    const fitting = rooms.filter((room) => room >= length);
    const room = fitting.length > 0 ? Math.min(...fitting) : capacity;
    if (fitting.length > 0) rooms[rooms.indexOf(room)] = room - length;
    else rooms.push(room - length);
  }
  return rooms.map((room) => capacity - room).sort((a, b) => a - b);
}

/** Lengths that are hard to pack: a few long ones and many short ones. */
const mixedLengths = (count: number, longest: number, seed: number): Uint32Array => {
  let state = seed;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + Math.floor(longest * (state / 2 ** 32) ** 2);
  });
};

describe("bestFitDecreasing", () => {
  it("puts each row where it leaves the least room", () => {
    // 7 opens a bin with room for 3, 6 one with room for 4; 4 fills the latter, 3 the former.
    expect(rowsOf(bestFitDecreasing(Uint32Array.from([3, 6, 4, 7]), 10))).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });

  it.each([1, 2, 3])("fills bins as the slow rule does (seed %i)", (seed) => {
    const lengths = mixedLengths(400, 60, seed);
    const bins = bestFitDecreasing(lengths, 64);
    const filled = rowsOf(bins).map((rows) => rows.reduce((sum, row) => sum + lengths[row]!, 0));
    expect(filled.sort((a, b) => a - b)).toEqual(slowFillings([...lengths], 64));
  });

  it("keeps each row once, in bins numbered by their first row", () => {
    const lengths = mixedLengths(5000, 512, 7);
    const bins = rowsOf(bestFitDecreasing(lengths, 512));
    expect(bins.flat().sort((a, b) => a - b)).toEqual(Array.from(lengths.keys()));
    expect(bins.every((rows) => rows.reduce((sum, row) => sum + lengths[row]!, 0) <= 512)).toBe(true);
    expect(bins.map(([first]) => first)).toEqual(bins.map(([first]) => first).sort((a, b) => a! - b!));
    expect(bins.every((rows) => rows.every((row, at) => at === 0 || rows[at - 1]! < row))).toBe(true);
  });

  it("gives each row of full length a bin of its own, and all short ones one", () => {
    expect(rowsOf(bestFitDecreasing(Uint32Array.from([8, 8, 8]), 8))).toEqual([[0], [1], [2]]);
    expect(rowsOf(bestFitDecreasing(Uint32Array.from([1, 1, 1]), 1024))).toEqual([[0, 1, 2]]);
  });

  it("packs a million rows and wastes hardly anything", () => {
    const lengths = mixedLengths(1_000_000, 1024, 5);
    const start = performance.now();
    const bins = bestFitDecreasing(lengths, 1024);
    const seconds = (performance.now() - start) / 1000;
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    const waste = 1 - tokens / (bins.count * 1024);
    console.log(`a million rows: ${seconds.toFixed(1)} s, ${(100 * waste).toFixed(2)} % of the bins empty`);
    expect(waste).toBeLessThan(0.01);
  });

  it("refuses rows that do not fit, and bins that no model takes at once", () => {
    expect(() => bestFitDecreasing(Uint32Array.from([4, 9]), 8)).toThrowError(
      /row 1 has 9 tokens and a bin 8/,
    );
    expect(() => bestFitDecreasing(Uint32Array.from([4]), 2 ** 21)).toThrowError(/at most 1048576/);
  });
});
