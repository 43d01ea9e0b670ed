import { describe, expect, it } from "vitest";
import { groupByLength } from "../../src/data/group-by-length.js";
import { epochOrder } from "../../src/data/sampling-order.js";

const lengths = Uint32Array.from({ length: 1000 }, (_, row) => 1 + ((row * 617) % 911));
const order = epochOrder(1000, { seed: 8, epoch: 0 });

/** Padding that batches would need, as a share of what would be computed. */
function padding(rows: Uint32Array, batchSize: number): number {
  let padded = 0;
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = [...rows.slice(start, start + batchSize)].map((row) => lengths[row]!);
    padded += batch.length * Math.max(...batch);
  }
  return 1 - lengths.reduce((sum, length) => sum + length, 0) / padded;
}

describe("groupByLength", () => {
  it("follows the rule of Transformers", () => {
    // Groups of 2 batches of 2 rows (16 rows, at least 4 groups); the longest row, 16 at index 9, changes places with
    // the first one.
    const tokens = Uint32Array.from([3, 1, 4, 2, 8, 5, 7, 6, 9, 16, 11, 12, 10, 13, 14, 15]);
    const inOrder = Uint32Array.from(tokens.keys());
    const grouped = groupByLength(inOrder, tokens, 2);
    expect([...grouped].map((row) => tokens[row])).toEqual([
      ...[16, 3, 2, 1],
      ...[8, 7, 6, 5],
      ...[4, 12, 11, 9],
      ...[15, 14, 13, 10],
    ]);
  });

  it("keeps each row once and needs far less padding", () => {
    const grouped = groupByLength(order, lengths, 8);
    expect([...grouped].sort((a, b) => a - b)).toEqual([...lengths.keys()]);
    const [before, after] = [padding(order, 8), padding(grouped, 8)];
    console.log(`padding: ${(100 * before).toFixed(1)} % at random, ${(100 * after).toFixed(1)} % grouped`);
    expect(before).toBeGreaterThan(0.3);
    expect(after).toBeLessThan(0.06);
  });

  it("puts the longest row first", () => {
    const [first] = groupByLength(order, lengths, 8);
    expect(lengths[first!]).toBe(Math.max(...lengths));
  });

  it("leaves rows of one length in random order", () => {
    expect([...groupByLength(order, new Uint32Array(1000).fill(7), 8)]).toEqual([...order]);
  });

  it("takes fewer rows than a batch", () => {
    expect([...groupByLength(Uint32Array.from([1, 0, 2]), Uint32Array.from([5, 6, 7]), 8)]).toEqual([
      2, 1, 0,
    ]);
  });
});
