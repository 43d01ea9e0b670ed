import { describe, expect, it } from "vitest";
import { mcnemar } from "../../../src/evaluation/statistics/mcnemar.js";
import { expectNear, references } from "./references.js";

describe("mcnemar", () => {
  it("is scipy's binomial test and chi-square distribution", () => {
    for (const { onlyFirst, onlySecond, pValue } of references.mcnemar) {
      expectNear(mcnemar(onlyFirst, onlySecond).pValue, pValue);
    }
  });

  it("is exact below 25 flips", () => {
    expect(mcnemar(20, 4).method).toBe("exact");
    expect(mcnemar(20, 5).method).toBe("chi-square");
  });

  it("is 1 without a flip, and with as many each way", () => {
    expect(mcnemar(0, 0).pValue).toBe(1);
    expect(mcnemar(7, 7).pValue).toBe(1);
    expect(mcnemar(50, 50).pValue).toBe(1);
  });

  it.each([-1, 0.5, Number.NaN])("refuses %d items", (count) => {
    expect(() => mcnemar(count, 1)).toThrow(expect.objectContaining({ code: "STATISTICS_COUNTS" }));
  });
});
