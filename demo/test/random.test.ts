import { describe, expect, it } from "vitest";
import { Random } from "../src/random.js";

describe("Random", () => {
  it("is xoshiro128** 1.1: the first outputs of its authors' C code for the state 1, 2, 3, 4", () => {
    const random = new Random([1, 2, 3, 4]);
    const outputs = Array.from({ length: 10 }, () => random.uint32());
    expect(outputs).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("repeats a stream by its name and gives other numbers for another name", () => {
    const numbers = (stream: string) => {
      const random = new Random(stream);
      return Array.from({ length: 20 }, () => random.uint32());
    };
    expect(numbers("rows, seed 0")).toEqual(numbers("rows, seed 0"));
    expect(numbers("rows, seed 0")).not.toEqual(numbers("rows, seed 1"));
  });

  it("draws integers uniformly, both ends included (chi-squared, 9 degrees of freedom, 0.1 %)", () => {
    const random = new Random("integers");
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) {
      const integer = random.integer(5, 14);
      expect(integer).toBeGreaterThanOrEqual(5);
      expect(integer).toBeLessThanOrEqual(14);
      counts[integer - 5]!++;
    }
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });

  it("samples different elements and leaves its argument alone", () => {
    const random = new Random("sample");
    for (let draw = 0; draw < 100; draw++) expect(new Set(random.sample("0123456789", 5)).size).toBe(5);
  });

  it("draws by weight", () => {
    const random = new Random("weights");
    const items = [
      { name: "rare", weight: 0.5 },
      { name: "never", weight: 0 },
      { name: "often", weight: 1.5 },
    ];
    const draws = Array.from({ length: 10_000 }, () => random.weighted(items).name);
    const rare = draws.filter((name) => name === "rare").length;
    expect(draws).not.toContain("never");
    // Four standard deviations of a binomial with n = 10,000 and p = 1/4.
    expect(Math.abs(rare - 2500)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.75));
  });
});
