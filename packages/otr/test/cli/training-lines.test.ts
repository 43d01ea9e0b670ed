import { expect, it } from "vitest";
import { type TrainingState, trainingLines } from "../../src/cli/training-lines.js";
import type { StepMetrics } from "../../src/training/events.js";

const metrics = {
  loss: 0.84213,
  nll: 1.25,
  learning_rate: 1.9e-5,
  tokens_per_second: 12_345,
  memory_bytes: 1.5 * 2 ** 30,
} as StepMetrics;
const state: TrainingState = {
  step: 28,
  totalSteps: 76,
  metrics,
  points: Array.from({ length: 28 }, (_, at) => 3 - at / 14),
  remaining: 132_000,
  plannedMemory: 2.9 * 2 ** 30,
};

it("shows curve, bar and numbers", () => {
  const [curve, bar, numbers] = trainingLines(state, 80, true);
  expect(curve).toMatch(/^nll 3\.0000 █.*▁ 1\.2500$/);
  expect(bar).toBe(" 36% [===============                         ] 28/76  2:12 left");
  expect(numbers).toBe("loss 0.8421  lr 1.9e-5  12.3k tok/s  1.5 GiB of 2.9 GiB planned");
});

it("fits terminals of any width, in ASCII too", () => {
  for (const isUnicode of [true, false]) {
    for (let columns = 1; columns <= 200; columns++) {
      for (const line of trainingLines(state, columns, isUnicode)) {
        // Only the bar's own numbers may not fit: they are cut where they are drawn.
        if (columns > 24) expect([...line].length).toBeLessThan(Math.min(81, columns));
        if (!isUnicode) expect(line).toMatch(/^[\x20-\x7e]*$/);
      }
    }
  }
  const judged = { ...state.metrics!, reward: 0.5031, "completions/mean_length": 19.49 };
  expect(trainingLines({ ...state, metrics: judged }, 60, true)[2]).toBe(
    "reward 0.5031  length 19.49  lr 1.9e-5  12.3k tok/s",
  );
  expect(trainingLines(state, 40, true)[2]).toBe("loss 0.8421  lr 1.9e-5  12.3k tok/s");
});

it("shows the bar alone before anything is measured, and no time left at the end", () => {
  const nothing = { ...state, metrics: null, points: [], remaining: null, plannedMemory: null };
  expect(trainingLines({ ...nothing, step: 1 }, 80, true)).toEqual([
    expect.stringMatching(/^ {2}1% \[=? +\] 1\/76$/),
  ]);
  const [, bar, numbers] = trainingLines({ ...state, step: 76, plannedMemory: null }, 80, true);
  expect(bar).toMatch(/^100% \[=+\] 76\/76$/);
  expect(numbers).toMatch(/ {2}1\.5 GiB$/);
});
