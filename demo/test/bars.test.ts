import { describe, expect, it } from "vitest";
import { baseBars, claimBars, patternBars, prototypeBars, tolerance } from "../src/bars.js";
import type { FinishedRun } from "../src/comparison.js";
import { prototypeFigures } from "../src/prototype.js";
import { cellsOf } from "../src/report.js";
import type { Accuracy } from "../src/run-specification.js";
import type { MethodName, SettingName } from "../src/settings.js";

function run(
  setting: SettingName,
  method: MethodName | null,
  seed: number,
  accuracy: Partial<Accuracy>,
): FinishedRun {
  return {
    setting,
    method,
    seed,
    result: {
      accuracy: { test: 0, hard: 0, other: 99.5, sampled: null, ...accuracy },
      otherSkills: {},
      hardAnswers: [],
      trainingSeconds: 1,
      evaluationSeconds: 1,
    },
  };
}

/** The prototype's own figures as the result of two seeds. */
const asPrototype = (change: Partial<Accuracy> = {}): FinishedRun[] =>
  [0, 1].flatMap((seed) => [
    run("noisy", null, seed, { test: 78, hard: 71.5, other: 99.7 }),
    run("noisy", "sft", seed, { test: 91, hard: 67.8, other: 99.6, sampled: 67.8, ...change }),
    run("noisy", "dft", seed, { test: 99.5, hard: 99.5, other: 99.4, sampled: 79.2 }),
    run("noisy", "otrBetaZero", seed, { test: 99.4, hard: 99.5, sampled: 78.6 }),
    run("noisy", "otr", seed, { test: 99.4, hard: 99.5, sampled: 78.8 }),
    run("noisy", "otrExact", seed, { test: 99.4, hard: 99.5, sampled: 78.9 }),
    run("clean", "sft", seed, { test: 99 }),
    run("clean", "otr", seed, { test: 100 }),
    run("newSkill", "sft", seed, { test: 19 }),
    run("newSkill", "otr", seed, { test: 2 }),
  ]);

describe("the bars", () => {
  it("pass for the prototype's own figures", () => {
    const runs = asPrototype();
    const bars = [
      ...baseBars(cellsOf(runs)),
      ...claimBars(runs),
      ...prototypeBars(cellsOf(runs)),
      ...patternBars(runs),
    ];
    expect(bars.filter((bar) => !bar.passed)).toEqual([]);
    expect(bars).toHaveLength(3 + 4 + prototypeFigures.length + 3);
  });

  it("allow the base model one question in 200, not two", () => {
    const passed = (test: number) =>
      baseBars(
        cellsOf([run("noisy", null, 0, { test, hard: 71.5, other: 99.7 }), run("noisy", "sft", 0, {})]),
      )[0]!.passed;
    expect([77, 77.5, 78.5, 79].map(passed)).toEqual([false, true, true, false]);
  });

  it("name the figure that is too far away", () => {
    const failed = prototypeBars(cellsOf(asPrototype({ hard: 80 }))).filter((bar) => !bar.passed);
    expect(failed.map((bar) => bar.text)).toEqual([
      "noisy labels, SFT, hard: 67.8 ± 2.9 within 9.7: found 80.0 ± 0.0",
    ]);
  });

  it("fail a claim that does not hold, and the pattern with it", () => {
    const runs = asPrototype({ test: 96, hard: 90 });
    expect(claimBars(runs).map((bar) => bar.passed)).toEqual([false, false, true, true]);
    expect(patternBars(asPrototype({ test: 98.5 })).map((bar) => bar.passed)).toEqual([false, true, true]);
  });

  it("allow three standard errors of the difference and one point", () => {
    expect(tolerance(0.3, 0.4)).toBeCloseTo(2.5, 12);
  });
});
