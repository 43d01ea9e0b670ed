/** @file What an objective, or the base model, scored on the items of a task. */
import { averageSeeds } from "../evaluation/statistics/average-seeds.js";
import { combinedInterval, combinedMargin, type ErrorPart } from "../evaluation/statistics/combined-error.js";
import { CONFIDENCE, type Interval } from "../evaluation/statistics/interval.js";
import { normalQuantile } from "../evaluation/statistics/normal-distribution.js";
import { mean } from "../evaluation/statistics/standard-error.js";
import { wilsonInterval, wilsonIntervalOfRate } from "../evaluation/statistics/wilson-interval.js";
import {
  clustersOf,
  errorOverItems,
  errorOverSeeds,
  isRate,
  scoresOf,
  type SeedSamples,
} from "./seed-samples.js";
import type { ReportedScore } from "./report.js";

/** The mean score of an objective, or of the base model (`null`), with its errors. */
export function reportedScore(objective: string | null, samples: SeedSamples): ReportedScore {
  const { items, seeds, spread } = averageSeeds(scoresOf(samples));
  const parts = [...errorOverItems(items, clustersOf(samples)), ...errorOverSeeds(seeds)];
  const all = [...samples.values()].flat();
  const score = mean(items);
  return {
    objective,
    mean: score,
    interval: isRate(samples) ? rateInterval(score, parts, samples) : combinedInterval(score, parts),
    seeds,
    seed_deviation: spread,
    truncated: mean(all.map(({ isTruncated }) => Number(isTruncated))),
  };
}

/** Wilson's, of as many trials as have the same error; so it stays within 0 and 1. */
function rateInterval(rate: number, parts: readonly ErrorPart[], samples: SeedSamples): Interval {
  const clusters = new Set(clustersOf(samples)).size;
  const items = [...samples.values()][0]!.length;
  if (samples.size === 1 && clusters === items) return wilsonInterval(Math.round(rate * items), items);
  const margin = combinedMargin(parts, 1 - CONFIDENCE);
  // Without any spread, an answer to each prompt is all that is known.
  if (margin === 0) return wilsonIntervalOfRate(rate, clusters);
  const trials = rate * (1 - rate) * (normalQuantile((1 + CONFIDENCE) / 2) / margin) ** 2;
  return wilsonIntervalOfRate(rate, Math.min(trials, items * samples.size));
}
