import { expect, it } from "vitest";
import { LossHistory, lossCurve } from "../../src/cli/loss-curve.js";

it("draws from the smallest to the largest", () => {
  expect(lossCurve([8, 7, 6, 5, 4, 3, 2, 1], 20, true)).toBe("█▇▆▅▄▃▂▁");
  expect(lossCurve([8, 7, 6, 5, 4, 3, 2, 1], 20, false)).toBe("#*=~-,._");
  expect(lossCurve([1, 1, 1], 20, true)).toBe("▁▁▁");
});

it("puts neighbours together where there are more points than columns", () => {
  expect(lossCurve([0, 0, 7, 7, 14, 14], 3, true)).toBe("▁▅█");
  for (let count = 2; count < 200; count++) {
    const points = Array.from({ length: count }, (_, at) => Math.sin(at));
    for (const width of [1, 7, 48])
      expect([...lossCurve(points, width, true)]).toHaveLength(Math.min(width, count));
  }
});

it("draws nothing of one point or where there is no room", () => {
  expect(lossCurve([1], 20, true)).toBe("");
  expect(lossCurve([1, 2], 0, true)).toBe("");
});

it("a history stays small and keeps the course", () => {
  const history = new LossHistory();
  for (let at = 0; at < 100_000; at++) history.add(at);
  const { points } = history;
  expect(points.length).toBeGreaterThanOrEqual(256);
  expect(points.length).toBeLessThan(512);
  expect(points).toEqual(points.toSorted((a, b) => a - b));
  expect(points[0]).toBeLessThan(500);
  expect(points.at(-1)).toBeGreaterThan(99_000);
});

it("a history passes over what is no number", () => {
  const history = new LossHistory();
  for (const value of [1, Number.NaN, 2, Number.POSITIVE_INFINITY]) history.add(value);
  expect(history.points).toEqual([1, 2]);
});
