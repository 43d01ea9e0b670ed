import { describe, expect, it } from "vitest";
import { epochOrder } from "../../src/data/sampling-order.js";

const random = (count: number, seed: number, epoch: number) => epochOrder(count, { seed, epoch });

describe("epochOrder", () => {
  it.each([0, 1, 2, 3, 1000])("is a permutation of %i rows", (count) => {
    const sorted = [...random(count, 42, 0)].sort((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it("is the same for the same seed and epoch, whatever was asked before", () => {
    const first = random(500, 42, 3);
    random(499, 1, 1);
    expect(random(500, 42, 3)).toEqual(first);
  });

  it("differs by seed, by the upper half of the seed, and by epoch", () => {
    const orders = [random(50, 1, 0), random(50, 2, 0), random(50, 1 + 2 ** 32, 0), random(50, 1, 1)];
    expect(new Set(orders.map((order) => order.join())).size).toBe(4);
  });

  it("puts every row in every place equally often", () => {
    // 24 orders of 4 rows over 24,000 seeds: chi-squared with 23 degrees of freedom, 99.99th percentile 55.
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24_000; seed++) {
      const order = random(4, seed, 0).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(55);
  });

  it("never changes: a run resumed by a later version must see the same rows", () => {
    expect([...random(10, 42, 0)]).toMatchInlineSnapshot(`
      [
        9,
        0,
        5,
        8,
        1,
        7,
        4,
        3,
        6,
        2,
      ]
    `);
  });

  it.each([
    [-1, 0, 0],
    [1.5, 0, 0],
    [3, -1, 0],
    [3, Number.NaN, 0],
    [3, 0, -1],
  ])("refuses count %d, seed %d, epoch %d", (count, seed, epoch) => {
    expect(() => random(count, seed, epoch)).toThrowError(/give a whole number/);
  });
});
