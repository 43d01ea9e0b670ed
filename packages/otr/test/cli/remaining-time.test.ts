import { expect, it } from "vitest";
import { RemainingTime } from "../../src/cli/remaining-time.js";

function timed(durations: readonly number[]): RemainingTime {
  let time = 1000;
  const remaining = new RemainingTime(() => time);
  remaining.endStep();
  for (const duration of durations) {
    time += duration;
    remaining.endStep();
  }
  return remaining;
}

it("follows the last steps", () => {
  expect(timed([]).ofSteps(5)).toBeNull();
  expect(timed([100, 100]).ofSteps(5)).toBe(500);
  expect(timed([...Array(50).fill(1000), ...Array(100).fill(10)]).ofSteps(3)).toBe(30);
});

it("counts evaluations between steps, but no night's sleep", () => {
  expect(timed([100, 100, 100, 1700]).ofSteps(4)).toBe(2000);
  const slept = timed([100, 100, 100, 8 * 3_600_000]).ofSteps(1)!;
  expect(slept).toBeLessThanOrEqual((50 * 100 + 300) / 4);
});

it("bears a clock that is put back", () => {
  expect(timed([100, 100, -1_000_000, 100]).ofSteps(10)).toBe(1000);
});
