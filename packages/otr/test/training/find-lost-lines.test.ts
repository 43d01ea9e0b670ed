import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findLostLines } from "../../src/training/find-lost-lines.js";

const path = join(mkdtempSync(join(tmpdir(), "otr-lines-")), "metrics.jsonl");
/** What is found where lines of these steps are there, and a checkpoint after step 10 counted so many. */
function find(steps: readonly number[], lines: number | null, loggingSteps = 2, step = 10) {
  writeFileSync(path, steps.map((at) => `${JSON.stringify({ step: at, loss: 1 })}\n`).join(""));
  return findLostLines(path, { step, lines }, loggingSteps);
}

it("has nothing to say where all lines are there, however far apart, or were not counted", () => {
  expect(find([2, 4, 6, 8, 10], 5)).toEqual({ lines: 5, warning: null });
  expect(find([1, 2, 4, 4, 10], 5, 1)).toEqual({ lines: 5, warning: null });
  expect(find([2, 10], null)).toEqual({ lines: 2, warning: null });
});

it.each<[readonly number[], number, string]>([
  [[2, 4, 10], 2, "There is none between the steps 4 and 10."],
  [[4, 6, 10], 2, "There is none between the steps 0 and 4, 6 and 10."],
  [[2, 4, 6], 2, "There is none between the steps 6 and 10."],
  [[], 5, "There is none between the steps 0 and 10."],
])("says between which steps lines are missing: %j", (steps, missing, where) => {
  const { lines, warning } = find(steps, 5);
  expect(lines).toBe(steps.length);
  expect(warning).toContain(`has ${missing} lines fewer than the run had written up to step 10. ${where}`);
});

it("does not take what is gathered for the next line for lost, and tells a line that has others of its step", () => {
  expect(find([4, 8], 2, 4, 11).warning).toBeNull();
  expect(find([4, 8], 3, 4, 11).warning).toMatch(/has 1 line fewer than .* up to step 11\. Training goes on/);
});
