import { expect, it } from "vitest";
import { PERPLEXITY_METRICS, textScore } from "../../../src/evaluation/metrics/perplexity.js";

it("weighs texts by their length, in words or bytes", () => {
  const scores = [textScore("one two", -6), textScore("é", -2)];
  expect(scores).toEqual([
    { logProbability: -6, words: 2, bytes: 7 },
    { logProbability: -2, words: 1, bytes: 2 },
  ]);
  expect(PERPLEXITY_METRICS.word_perplexity!(scores)).toBeCloseTo(Math.exp(8 / 3), 12);
  expect(PERPLEXITY_METRICS.byte_perplexity!(scores)).toBeCloseTo(Math.exp(8 / 9), 12);
  expect(PERPLEXITY_METRICS.bits_per_byte!(scores)).toBeCloseTo(8 / 9 / Math.LN2, 12);
});
