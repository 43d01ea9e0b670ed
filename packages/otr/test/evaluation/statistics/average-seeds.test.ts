import { describe, expect, it } from "vitest";
import { averageSeeds } from "../../../src/evaluation/statistics/average-seeds.js";

describe("averageSeeds", () => {
  it("averages items over seeds, and tells the spread of the seeds apart", () => {
    const { items, seeds, spread } = averageSeeds([
      [1, 0, 1, 1],
      [1, 0, 0, 1],
    ]);
    expect(items).toEqual([1, 0, 0.5, 1]);
    expect(seeds).toEqual([0.75, 0.5]);
    expect(spread).toBeCloseTo(0.25 / Math.SQRT2, 12);
  });

  it("knows no spread of one seed", () => {
    expect(averageSeeds([[1, 0]])).toEqual({ items: [1, 0], seeds: [0.5], spread: null });
  });

  it("refuses seeds of other items, and none", () => {
    expect(() => averageSeeds([[1, 0], [1]])).toThrow(
      expect.objectContaining({ code: "STATISTICS_LENGTHS_DIFFER" }),
    );
    expect(() => averageSeeds([])).toThrow(expect.objectContaining({ code: "STATISTICS_EMPTY" }));
  });
});
