import { philox } from "../../data/philox.js";
import { CONFIDENCE, type Interval } from "./interval.js";
import { requireNumbers, requireSameLength } from "./require-numbers.js";

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
export const pairedBootstrap = (differences: readonly number[], options: BootstrapOptions): Interval =>
  pairedBootstraps([differences], options)[0]!;

/**
 * {@link pairedBootstrap} of several lists of differences on the same items, with the same draws: the draws take most of the
 * time.
 *
 * @throws {DataError} what {@link requireNumbers} and {@link requireSameLength} throw
 */
export function pairedBootstraps(
  lists: readonly (readonly number[])[],
  { seed, draws = 10_000 }: BootstrapOptions,
): Interval[] {
  const [first] = lists;
  if (first === undefined) return [];
  for (const list of lists) {
    requireNumbers(list);
    requireSameLength(first, list);
  }
  const items = first.length;
  const numbers = lists.map((list) => Float64Array.from(list));
  const means = lists.map(() => new Float64Array(draws));
  const sums = new Float64Array(lists.length);
  for (let draw = 0; draw < draws; draw++) {
    sums.fill(0);
    for (let start = 0; start < items; start += 4) {
      const words = philox([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], [start / 4, draw, 0, 0]);
      const wanted = Math.min(4, items - start);
      for (let index = 0; index < wanted; index++) {
        const item = Math.floor((words[index]! / 2 ** 32) * items);
        for (let list = 0; list < numbers.length; list++) sums[list]! += numbers[list]![item]!;
      }
    }
    for (const [list, sum] of sums.entries()) means[list]![draw] = sum / items;
  }
  return means.map((own) => {
    own.sort();
    return { low: quantile(own, (1 - CONFIDENCE) / 2), high: quantile(own, (1 + CONFIDENCE) / 2) };
  });
}

/** Between two sorted values by a straight line, as numpy's `quantile`. */
function quantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
