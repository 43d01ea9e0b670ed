import { describe, expect, it } from "vitest";
import { detectableDifference } from "../../../src/evaluation/statistics/detectable-difference.js";
import { normalUpperTail } from "../../../src/evaluation/statistics/normal-distribution.js";

describe("detectableDifference", () => {
  it("is found in 80 % of repetitions", () => {
    const difference = detectableDifference(1);
    expect(difference).toBeCloseTo(2.8015852, 6);
    expect(1 - normalUpperTail(difference - 1.959963985)).toBeCloseTo(0.8, 8);
    expect(detectableDifference(0.01)).toBeCloseTo(difference / 100, 12);
  });
});
