import { philox } from "../../data/philox.js";
import { CONFIDENCE, type Interval } from "./interval.js";
import { requireNumbers } from "./require-numbers.js";

/** The draws of a bootstrap. */
export interface BootstrapOptions {
  /** A whole number from 0 to 2^53. */
  readonly seed: number;
  /** How often items are drawn; 10,000 where nothing is said. */
  readonly draws?: number | undefined;
}

/**
 * The 95 % interval of the mean of paired differences by the percentile bootstrap (Efron and Tibshirani, "An Introduction
 * to the Bootstrap", chapter 13): items are drawn with replacement, the same for both models, since what is drawn is the
 * difference. The numbers are Philox's, so that a seed gives the same interval everywhere.
 *
 * @param differences by item
 * @throws {DataError} what {@link requireNumbers} throws
 */
export function pairedBootstrap(
  differences: readonly number[],
  { seed, draws = 10_000 }: BootstrapOptions,
): Interval {
  requireNumbers(differences);
  const items = differences.length;
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    for (let start = 0; start < items; start += 4) {
      const words = philox([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], [start / 4, draw, 0, 0]);
      const wanted = Math.min(4, items - start);
      for (let index = 0; index < wanted; index++) {
        sum += differences[Math.floor((words[index]! / 2 ** 32) * items)]!;
      }
    }
    means[draw] = sum / items;
  }
  means.sort();
  return { low: quantile(means, (1 - CONFIDENCE) / 2), high: quantile(means, (1 + CONFIDENCE) / 2) };
}

/** Between two sorted values by a straight line, as numpy's `quantile`. */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
