import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../../src/evaluation/statistics/wilson-interval.js";
import { expectNear, references } from "./references.js";

describe("wilsonInterval", () => {
  it("is scipy's", () => {
    for (const { successes, trials, low, high } of references.wilson) {
      const interval = wilsonInterval(successes, trials);
      expectNear(interval.low, low);
      expectNear(interval.high, high);
    }
  });

  it("has a width where all items are right or wrong, and stays within 0 and 1", () => {
    expect(wilsonInterval(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.161, 3) });
    expect(wilsonInterval(20, 20)).toMatchObject({ low: expect.closeTo(0.839, 3), high: 1 });
  });

  it.each([
    [1, 0],
    [3, 2],
    [-1, 2],
    [0.5, 2],
    [Number.NaN, 2],
  ])("refuses %d of %d", (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(
      expect.objectContaining({ code: "STATISTICS_COUNTS" }),
    );
  });
});
