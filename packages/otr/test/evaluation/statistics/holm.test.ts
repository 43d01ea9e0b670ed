import { describe, expect, it } from "vitest";
import { holm } from "../../../src/evaluation/statistics/holm.js";

describe("holm", () => {
  it("multiplies by the number of tests left, and never falls", () => {
    // Sorted 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1 gives 0.02, 0.03, 0.06, 0.04, and the last is lifted to 0.06.
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    expect(adjusted.map((value) => Number(value.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it("is at most 1, and leaves one test as it is", () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses the p-value %d", (pValue) => {
    expect(() => holm([0.5, pValue])).toThrow(expect.objectContaining({ code: "STATISTICS_P_VALUE" }));
  });
});
