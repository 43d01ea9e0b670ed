import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { medianStepTime } from "../../src/experiments/training-cost.js";

const folder = mkdtempSync(join(tmpdir(), "otr-cost-"));
afterAll(() => rmSync(folder, { recursive: true }));

const writeTimes = (times: readonly number[]) =>
  writeFileSync(
    join(folder, "metrics.jsonl"),
    times.map((step_time, at) => `${JSON.stringify({ step: at + 1, step_time })}\n`).join(""),
  );

describe("medianStepTime", () => {
  it("is that of the steps behind the first two", () => {
    writeTimes([9, 9, 3, 1, 2]);
    expect(medianStepTime(folder)).toBe(2);
  });

  it("takes the mean of steps of which one is slower", () => {
    writeTimes([50, 1, 1, 8, 1, 0, 11, 0, 1, 14, 1, 0]);
    expect(medianStepTime(folder, 3)).toBe(4);
  });

  it("asks for a run that was timed", () => {
    writeTimes([1, 2]);
    expect(() => medianStepTime(folder)).toThrow(expect.objectContaining({ code: "TIMING_MISSING" }));
  });
});
