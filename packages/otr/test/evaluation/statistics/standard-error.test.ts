import { describe, expect, it } from "vitest";
import { mean, standardDeviation, standardError } from "../../../src/evaluation/statistics/standard-error.js";
import { tInterval } from "../../../src/evaluation/statistics/t-interval.js";
import { expectNear, references } from "./references.js";

describe("standardError", () => {
  it("is scipy's, and its interval too", () => {
    for (const { values, low, high, ...wanted } of references.intervals) {
      expectNear(mean(values), wanted.mean);
      const error = standardError(values)!;
      expectNear(error, wanted.standardError);
      const interval = tInterval(mean(values), error, values.length - 1)!;
      expectNear(interval.low, low);
      expectNear(interval.high, high);
    }
  });

  it("is not known for one value", () => {
    expect(standardError([1])).toBeNull();
    expect(standardDeviation([1])).toBeNull();
    expect(tInterval(1, null, 0)).toBeNull();
  });

  it("refuses no values, and values that are no numbers", () => {
    expect(() => mean([])).toThrow(expect.objectContaining({ code: "STATISTICS_EMPTY" }));
    expect(() => standardError([1, Number.NaN])).toThrow(
      expect.objectContaining({ code: "STATISTICS_NOT_FINITE" }),
    );
  });
});
