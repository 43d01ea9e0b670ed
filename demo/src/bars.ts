/** @file The bars that the trainer must clear on the prototype's model, and on the repository's own. */
import type { FinishedRun } from "./comparison.js";
import { type PrototypeFigure, prototypeBase, prototypeFigures } from "./prototype.js";
import { type Cell, cellFor, expectedVerdict, outcomeOf, plusMinus } from "./report.js";
import { methods, settingNames, settings } from "./settings.js";

/** One condition, and what was measured. */
export interface Bar {
  readonly passed: boolean;
  /** What is asked and what was found, in one line. */
  readonly text: string;
}

/** What the demonstration claims, on the prototype's own model and questions. */
export function claimBars(runs: readonly FinishedRun[]): Bar[] {
  const [noisy, clean, newSkill] = settingNames.map((setting) => outcomeOf(runs, setting));
  const bar = (passed: boolean, claim: string, found: Parameters<typeof plusMinus>[0]): Bar => ({
    passed,
    text: `${claim}: found ${plusMinus(found)}`,
  });
  return [
    bar(noisy!.test.mean >= 5, "noisy labels, test: OTR - SFT at least 5 points", noisy!.test),
    bar(noisy!.hard.mean >= 15, "noisy labels, hard: OTR - SFT at least 15 points", noisy!.hard),
    bar(Math.abs(clean!.test.mean) <= 1.5, "clean labels, test: OTR - SFT within 1.5 points", clean!.test),
    bar(newSkill!.test.mean <= -8, "a new skill, test: OTR - SFT at most -8 points", newSkill!.test),
  ];
}

/** Greedy answers of the same model to the same questions: at most one in 200 may differ, by rounding. */
export function baseBars(cells: readonly Cell[]): Bar[] {
  const { accuracy } = cellFor(cells, "noisy", null);
  return (["test", "hard", "other"] as const).map((measure) => {
    const [found, expected] = [accuracy[measure]!, prototypeBase[measure]];
    return {
      passed: Math.abs(found.mean - expected) <= 0.55,
      text: `base model, ${measure}: ${expected.toFixed(1)} within 0.5: found ${plusMinus(found)}`,
    };
  });
}

/** How far from the prototype's figure a measured one may be: three standard errors of the difference and a point. */
export const tolerance = (measured: number, prototype: number): number =>
  3 * Math.sqrt(measured ** 2 + prototype ** 2) + 1;

/** One bar for every figure of the prototype's that has a standard error. */
export const prototypeBars = (cells: readonly Cell[]): Bar[] =>
  prototypeFigures.map((figure) => prototypeBar(cells, figure));

function prototypeBar(cells: readonly Cell[], figure: PrototypeFigure): Bar {
  const { setting, method, measure, mean, standardError } = figure;
  const found = cellFor(cells, setting, method).accuracy[measure]!;
  const allowed = tolerance(found.standardError, standardError);
  const name = `${settings[setting].title}, ${methods[method].title}, ${measure}`;
  return {
    passed: Math.abs(found.mean - mean) <= allowed,
    text: `${name}: ${mean.toFixed(1)} ± ${standardError.toFixed(1)} within ${allowed.toFixed(1)}: found ${plusMinus(found)}`,
  };
}

/** The pattern itself: OTR helps, ties and loses where it did in the prototype. */
export const patternBars = (runs: readonly FinishedRun[]): Bar[] =>
  settingNames.map((setting) => {
    const { verdict, test } = outcomeOf(runs, setting);
    const expected = expectedVerdict[setting];
    return {
      passed: verdict === expected,
      text: `own base, ${settings[setting].title}: OTR ${expected}: found that it ${verdict}, ${plusMinus(test)} points on test`,
    };
  });
