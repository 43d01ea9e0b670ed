/** @file Answers of objectives to made-up items. */
import type { SeedSamples } from "../../src/experiments/seed-samples.js";
import type { TaskSample } from "../../src/experiments/task-samples.js";

export const sample = (docId: number, score: number, more: Partial<TaskSample> = {}): TaskSample => ({
  task: "sums",
  docId,
  clusterId: `prompt ${docId}`,
  itemIds: [`item ${docId}`],
  prompt: `question ${docId}`,
  target: "right",
  response: score > 0 ? "right" : "wrong",
  answer: score > 0 ? "right" : "wrong",
  score,
  isTruncated: false,
  ...more,
});

/** Of the seeds 0, 1, ...: the scores of items. */
export const samples = (...seeds: readonly (readonly number[])[]): SeedSamples =>
  new Map(seeds.map((scores, seed) => [seed, scores.map((score, id) => sample(id, score))]));

export const named = (name: string, ...seeds: readonly (readonly number[])[]) => ({
  name,
  samples: samples(...seeds),
});

export const ofLength = (count: number, score: (at: number) => number): number[] =>
  Array.from({ length: count }, (_, at) => score(at));
