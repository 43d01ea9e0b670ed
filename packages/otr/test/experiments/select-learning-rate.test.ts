import { expect, it } from "vitest";
import { type Candidate, selectLearningRate } from "../../src/experiments/select-learning-rate.js";

const candidates = (...scores: readonly (number | null)[]): Candidate[] =>
  scores.map((score, at) => ({ learningRate: [1e-5, 1e-4, 1e-3, 1e-2][at]!, score }));
const higher = { tolerance: 0, greaterIsBetter: true };

it.each([
  [candidates(0.5, 0.9, 0.7), higher, { chosen: 1e-4, atEdge: null }],
  // Of equals the smaller one, which forgets less.
  [candidates(0.5, 0.9, 0.9, 0.1), higher, { chosen: 1e-4, atEdge: null }],
  [candidates(0.5, 0.895, 0.9, 0.1), { ...higher, tolerance: 0.01 }, { chosen: 1e-4, atEdge: null }],
  [candidates(0.1, 0.3, 0.1 + 0.2), higher, { chosen: 1e-4, atEdge: null }],
  [candidates(0.9, 0.5, 0.7), higher, { chosen: 1e-5, atEdge: "smallest" }],
  [candidates(0.1, 0.5, 0.7), higher, { chosen: 1e-3, atEdge: "largest" }],
  [candidates(null, 0.5, null), higher, { chosen: 1e-4, atEdge: null }],
  [candidates(null, null), higher, { chosen: null, atEdge: null }],
  [candidates(2, 1, 3), { tolerance: 0, greaterIsBetter: false }, { chosen: 1e-4, atEdge: null }],
  // Nothing speaks for any of them.
  [candidates(0, 0, 0), higher, { chosen: 1e-5, atEdge: null, isTied: true }],
  [candidates(0, 0.004, null), { ...higher, tolerance: 0.01 }, { chosen: 1e-5, atEdge: null, isTied: true }],
  [candidates(0.5), higher, { chosen: 1e-5, atEdge: null }],
])("%j by %j is %j", (given, how, selection) => {
  expect(selectLearningRate(given, how)).toEqual({ isTied: false, ...selection });
});
