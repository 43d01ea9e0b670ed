/** @file What verdicts promise, by simulation; `test/slow/verdicts.slow.ts` has larger ones. */
import { expect, it } from "vitest";
import { ofLength } from "./sample-answers.js";
import { simulate } from "./simulated-comparisons.js";

it("shows no difference where objectives differ by the luck of seeds alone", () => {
  // 9 differences, whose runs deviate by 4 points: the items alone would be sure of many.
  const report = simulate(
    { objectives: 3, tasks: 3, items: 400, seeds: 3, runDeviation: 0.2, advantage: 0 },
    7,
  );
  const reports = ofLength(25, () => 0).map(report);
  const isOutside = (interval: { low: number; high: number } | null) =>
    interval!.low > 0 || interval!.high < 0;
  const all = reports.flat();
  expect(all.filter((each) => isOutside(each.item_interval)).length / all.length).toBeGreaterThan(0.2);
  expect(all.filter((each) => isOutside(each.interval)).length / all.length).toBeLessThan(0.05);
  expect(reports.filter((each) => each.some(({ shown }) => shown)).length).toBeLessThanOrEqual(1);
});

it("shows the difference that it calls detectable in 80 of 100 reports", () => {
  const setting = { objectives: 2, tasks: 1, items: 300, seeds: 4, runDeviation: 0.05 };
  const [calm, moved] = [0, 0.5].map((advantage) => simulate({ ...setting, advantage }, 11));
  const detectable = ofLength(40, () => calm!()[0]!.detectable!).reduce((sum, each) => sum + each, 0) / 40;
  const reports = ofLength(80, () => 0).map(() => moved!()[0]!);
  const difference = reports.reduce((sum, each) => sum + each.difference, 0) / reports.length;
  // The advantage is chosen to be what is called detectable.
  expect(difference / detectable).toBeGreaterThan(0.9);
  expect(difference / detectable).toBeLessThan(1.1);
  expect(reports.filter(({ shown }) => shown).length / reports.length).toBeGreaterThan(0.7);
});
