import { expect, it } from "vitest";
import { reportedScore } from "../../src/experiments/reported-score.js";
import { ofLength, sample, samples } from "./sample-answers.js";

it("has Wilson's interval for one seed of right and wrong answers", () => {
  const score = reportedScore("otr", samples(ofLength(10, () => 1)));
  expect(score).toMatchObject({ mean: 1, seeds: [1], seed_deviation: null, truncated: 0 });
  // Wilson, 10 of 10: 10 / (10 + 1.96^2).
  expect(score.interval?.low).toBeCloseTo(0.7225, 4);
  expect(score.interval?.high).toBe(1);
});

it("stays within 0 and 1 over several seeds, and has a width where all answers are right", () => {
  const right = ofLength(40, () => 1);
  const oneWrong = ofLength(40, (at) => Number(at > 0));
  const near = reportedScore("otr", samples(oneWrong, right, right)).interval!;
  expect(near.high).toBeLessThanOrEqual(1);
  expect(near.low).toBeLessThan(0.97);
  expect(reportedScore("otr", samples(right, right)).interval).toEqual({
    low: expect.closeTo(0.912, 3),
    high: 1,
  });
});

it("is less sure where seeds differ", () => {
  const width = (...seeds: readonly (readonly number[])[]) => {
    const { low, high } = reportedScore("otr", samples(...seeds)).interval!;
    return high - low;
  };
  const half = ofLength(200, (at) => at % 2);
  const more = ofLength(200, (at) => Number(at % 2 === 1 || at < 60));
  expect(width(half, more, half)).toBeGreaterThan(2 * width(half, half, half));
});

it("averages items over seeds, and counts answers that were cut off", () => {
  const cut = new Map([
    [1, [sample(0, 1), sample(1, 0, { isTruncated: true })]],
    [2, [sample(0, 1), sample(1, 1)]],
  ]);
  expect(reportedScore(null, cut)).toMatchObject({ mean: 0.75, seeds: [0.5, 1], truncated: 0.25 });
});

it("takes items with one prompt for one", () => {
  const items = ofLength(60, (at) => Math.floor(at / 10) % 2);
  const repeated = new Map([
    [0, items.map((score, at) => sample(at, score, { clusterId: `${Math.floor(at / 10)}` }))],
  ]);
  const { low, high } = reportedScore("otr", repeated).interval!;
  const alone = reportedScore("otr", samples(items)).interval!;
  expect(high - low).toBeGreaterThan(2 * (alone.high - alone.low));
});
