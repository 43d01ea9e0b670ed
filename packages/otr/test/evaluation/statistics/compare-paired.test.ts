import { describe, expect, it } from "vitest";
import { comparePaired } from "../../../src/evaluation/statistics/compare-paired.js";
import { expectNear, references } from "./references.js";

const { paired } = references;

describe("comparePaired", () => {
  it("is scipy's", () => {
    const found = comparePaired(paired.first, paired.second, { seed: 1 });
    expect(found.items).toBe(57);
    expectNear(found.difference, paired.difference);
    expectNear(found.standardError!, paired.standardError);
    expectNear(found.correlation!, paired.correlation);
    // Other draws: within their noise.
    expect(found.bootstrap.low).toBeCloseTo(paired.bootstrap[0], 1);
    expect(found.bootstrap.high).toBeCloseTo(paired.bootstrap[1], 1);
    expect(found.interval!.low).toBeCloseTo(paired.bootstrap[0], 1);
  });

  it("is more exact than two means where the models fail on the same items", () => {
    const second = paired.first.map((score, item) => (item === 3 ? 1 - score : score));
    const found = comparePaired(paired.first, second, { seed: 1, draws: 100 });
    expect(found.correlation!).toBeGreaterThan(0.9);
    expect(found.standardError!).toBeLessThan(0.02);
  });

  it("has no correlation where a model scores all items alike", () => {
    expect(comparePaired([1, 1, 1], [0, 1, 1], { seed: 1, draws: 10 }).correlation).toBeNull();
  });

  it("knows no error of one item", () => {
    const found = comparePaired([1], [0], { seed: 1, draws: 10 });
    expect(found).toMatchObject({ difference: -1, standardError: null, interval: null, detectable: null });
  });

  it("refuses other items", () => {
    expect(() => comparePaired([1, 0], [1], { seed: 1 })).toThrow(
      expect.objectContaining({ code: "STATISTICS_LENGTHS_DIFFER" }),
    );
  });
});
