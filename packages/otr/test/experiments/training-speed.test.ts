import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { trainingSpeed } from "../../src/experiments/training-speed.js";

const folder = mkdtempSync(join(tmpdir(), "otr-cost-"));
afterAll(() => rmSync(folder, { recursive: true }));

const writeTimes = (times: readonly number[]) =>
  writeFileSync(
    join(folder, "metrics.jsonl"),
    times.map((step_time, at) => `${JSON.stringify({ step: at + 1, step_time })}\n`).join(""),
  );
/** An objective whose steps have these tokens. */
const objective = (tokens: readonly number[], stepCycle = 1) => ({
  stepCycle,
  tokensOfSteps: (from: number, to: number) => tokens.slice(from, to).reduce((sum, each) => sum + each, 0),
});

it("knows the speed of rows of all lengths, not that of the median step", () => {
  // Behind two slow steps at the start: three short ones, and one as long as ten of them.
  writeTimes([9, 9, 1, 1, 1, 10]);
  expect(trainingSpeed(folder, objective([10, 10, 10, 10, 10, 100]), 0)).toBeCloseTo(10, 10);
});

it("counts whole cycles of steps, of which the first is slower", () => {
  writeTimes([50, 1, 1, 8, 1, 0, 11, 0, 1, 99]);
  expect(trainingSpeed(folder, objective(Array(10).fill(7), 3), 0)).toBeCloseTo((6 * 7) / 21, 10);
});

it("asks for a run that was timed", () => {
  writeTimes([1, 2]);
  expect(() => trainingSpeed(folder, objective([1, 1]), 0)).toThrow(
    expect.objectContaining({ code: "TIMING_MISSING" }),
  );
});
