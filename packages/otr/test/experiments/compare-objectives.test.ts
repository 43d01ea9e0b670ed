import { describe, expect, it } from "vitest";
import {
  compareObjectives,
  findFlips,
  isShown,
  reportedScore,
  type SeedSamples,
} from "../../src/experiments/compare-objectives.js";
import type { TaskSample } from "../../src/experiments/task-samples.js";

const sample = (docId: number, score: number, isTruncated = false): TaskSample => ({
  docId,
  prompt: `question ${docId}`,
  target: "right",
  response: score > 0 ? "right" : "wrong",
  answer: score > 0 ? "right" : "wrong",
  score,
  isTruncated,
});
const samples = (...seeds: readonly (readonly number[])[]): SeedSamples =>
  new Map(seeds.map((scores, seed) => [seed, scores.map((score, id) => sample(id, score))]));
const ofLength = (count: number, score: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => score(at));

describe("reportedScore", () => {
  it("has Wilson's interval for one seed of right and wrong answers", () => {
    const score = reportedScore("otr", samples([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
    expect(score).toMatchObject({ mean: 1, seeds: [1], seed_deviation: null, truncated: 0 });
    // Wilson, 10 of 10: 10 / (10 + 1.96^2).
    expect(score.interval?.low).toBeCloseTo(0.7225, 4);
    expect(score.interval?.high).toBe(1);
  });

  it("averages items over seeds, and counts answers that were cut off", () => {
    const cut = new Map([
      [1, [sample(0, 1), sample(1, 0, true)]],
      [2, [sample(0, 1), sample(1, 1)]],
    ]);
    expect(reportedScore(null, cut)).toMatchObject({ mean: 0.75, seeds: [0.5, 1], truncated: 0.25 });
  });
});

describe("compareObjectives", () => {
  it("tests one seed of right and wrong answers by McNemar", () => {
    // 8 flips one way and 1 the other: 2 * (1 + 9) / 2^9.
    const first = ofLength(40, (at) => Number(at === 0 || at > 8));
    const second = ofLength(40, (at) => Number(at !== 0));
    const found = compareObjectives(["a", samples(first)], ["b", samples(second)]);
    expect(found).toMatchObject({
      difference: 7 / 40,
      seed_interval: null,
      mcnemar: { onlyFirst: 1, onlySecond: 8 },
    });
    expect(found.p_value).toBeCloseTo(20 / 512, 10);
  });

  it("tests several seeds by t over items, and has the interval over seeds beside it", () => {
    const first = [ofLength(50, (at) => at % 2), ofLength(50, (at) => at % 2)];
    const second = [ofLength(50, () => 1), ofLength(50, (at) => Number(at % 4 > 0))];
    const found = compareObjectives(["a", samples(...first)], ["b", samples(...second)]);
    expect(found.mcnemar).toBeNull();
    expect(found.difference).toBeCloseTo((0.5 + 0.24) / 2, 10);
    // Two seeds: 12.706 standard errors of 0.5 and 0.24.
    expect(found.seed_interval?.low).toBeCloseTo(0.37 - 12.7062 * 0.13, 3);
    expect(found.p_value).toBeLessThan(0.001);
    expect(isShown(found, found.p_value)).toBe(false);
    expect(isShown({ ...found, seed_interval: { low: 0.1, high: 0.5 } }, 0.04)).toBe(true);
    expect(isShown({ ...found, seed_interval: { low: 0.1, high: 0.5 } }, 0.06)).toBe(false);
  });

  it("shows nothing where no answer differs, and does not claim to know what would have shown", () => {
    const same = samples([1, 0, 1], [1, 0, 1]);
    expect(compareObjectives(["a", same], ["b", same])).toMatchObject({
      difference: 0,
      p_value: 1,
      detectable: null,
    });
  });
});

it("finds the items that only one has right, of every seed", () => {
  const flips = findFlips(samples([1, 0, 1], [1, 1, 0]), samples([1, 1, 0], [1, 1, 1]));
  expect(flips).toMatchObject({ only_first: 1, only_second: 2 });
  expect(flips.examples.map(({ doc_id, seed }) => [doc_id, seed])).toEqual([
    [2, 0],
    [1, 0],
    [2, 1],
  ]);
  expect(flips.examples[0]).toMatchObject({ first: { answer: "right" }, second: { answer: "wrong" } });
});
