import { describe, expect, it } from "vitest";
import {
  combinedDetectable,
  combinedInterval,
  combinedMargin,
  combinedPValue,
  type ErrorPart,
} from "../../../src/evaluation/statistics/combined-error.js";
import { normalNumbers, randomNumbers } from "../../random-numbers.js";
import { expectNear, references } from "./references.js";

const normal = normalNumbers(randomNumbers(2026));
const chiSquare = (freedom: number) =>
  Array.from({ length: freedom }, normal).reduce((sum, x) => sum + x * x, 0);

/** What a repetition finds, if the truth is `difference` and the errors are those of `parts`. */
const repeat = (difference: number, parts: readonly ErrorPart[]) => ({
  estimate: difference + normal() * Math.hypot(...parts.map(({ standardError }) => standardError)),
  parts: parts.map(({ standardError, freedom }) => ({
    standardError: standardError * Math.sqrt(chiSquare(freedom) / freedom),
    freedom,
  })),
});
const shareFound = (repetitions: number, difference: number, parts: readonly ErrorPart[], level: number) => {
  let found = 0;
  for (let at = 0; at < repetitions; at++) {
    const one = repeat(difference, parts);
    if (Math.abs(one.estimate) > combinedMargin(one.parts, level)) found += 1;
  }
  return found / repetitions;
};
const items = (standardError: number): ErrorPart => ({ standardError, freedom: 40 });
const seeds = (standardError: number, freedom = 2): ErrorPart => ({ standardError, freedom });

describe("of one part", () => {
  it("is the interval and the test by Student's t", () => {
    for (const { values, mean, standardError, low, high } of references.intervals) {
      const interval = combinedInterval(mean, [{ standardError, freedom: values.length - 1 }])!;
      expectNear(interval.low, low);
      expectNear(interval.high, high);
    }
    for (const { t, freedom, p } of references.tTail)
      expectNear(combinedPValue(-2 * t, [{ standardError: 2, freedom }]), 2 * p);
  });
});

it("is as wide as the hypotenuse of what the parts are by themselves", () => {
  const [one, other] = [combinedMargin([items(3)], 0.05), combinedMargin([seeds(1)], 0.05)];
  expect(combinedMargin([items(3), seeds(1)], 0.05)).toBeCloseTo(Math.hypot(one, other), 10);
});

it("has the p-value at which the interval just reaches 0", () => {
  for (const level of [0.5, 0.05, 1e-4]) {
    const parts = [items(3), seeds(1)];
    expect(combinedPValue(combinedMargin(parts, level), parts)).toBeCloseTo(level, 7);
    expect(combinedPValue(-combinedMargin(parts, level), parts)).toBeCloseTo(level, 7);
  }
});

it("knows the ends: no difference, no error, nothing known", () => {
  expect(combinedPValue(0, [items(1)])).toBe(1);
  expect(combinedPValue(1, [items(0), seeds(0)])).toBe(0);
  expect(combinedPValue(1, [])).toBe(1);
  expect(combinedInterval(1, [])).toBeNull();
  expect(combinedPValue(1, [items(0), seeds(0.5)])).toBeCloseTo(combinedPValue(1, [seeds(0.5)]), 12);
});

it.each([
  ["items alone", [items(1), seeds(0.01)]],
  ["items more than seeds", [items(1), seeds(0.4)]],
  ["both alike", [items(1), seeds(1)]],
  ["seeds more than items", [items(0.3), seeds(1)]],
  ["five seeds", [items(0.5), seeds(1, 4)]],
] as const)("is wrong in no more than its level of repetitions: %s", (_, parts) => {
  // Three deviations of the share are 0.013 and 0.002.
  expect(shareFound(2500, 0, parts, 0.05)).toBeLessThan(0.05 + 0.013);
  expect(shareFound(2500, 0, parts, 0.002)).toBeLessThan(0.002 + 0.003);
});

it.each([
  ["items alone", [items(1), seeds(0.01)], 0.05],
  ["both alike", [items(1), seeds(1)], 0.05],
  ["seeds more than items, one of nine", [items(0.3), seeds(1)], 0.05 / 9],
  ["five seeds, one of nine", [items(0.5), seeds(1, 4)], 0.05 / 9],
] as const)("finds the detectable difference in 80 of 100 repetitions: %s", (_, parts, level) => {
  const share = shareFound(2500, combinedDetectable(parts, level), parts, level);
  expect(share).toBeGreaterThan(0.77);
  expect(share).toBeLessThan(0.83);
});
