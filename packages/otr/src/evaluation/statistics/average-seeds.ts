import { DataError } from "../../errors.js";
import { requireSameLength } from "./require-numbers.js";
import { mean, standardDeviation } from "./standard-error.js";

/** What several seeds of one recipe scored. */
export interface SeedAverage {
  /** The mean over seeds of each item: what is paired with another recipe's. */
  readonly items: number[];
  /** The mean over items of each seed. */
  readonly seeds: number[];
  /** The sample deviation of the seeds' means; null for one seed. It is no part of an error over items. */
  readonly spread: number | null;
}

/**
 * Averages the scores of each item over seeds. To pool the seeds' items instead would count each item several times, and
 * make an interval over items too narrow.
 *
 * @param scores `[seed][item]`
 * @throws {DataError} `STATISTICS_EMPTY` without seeds, and what {@link requireSameLength} and {@link mean} throw
 */
export function averageSeeds(scores: readonly (readonly number[])[]): SeedAverage {
  const [first] = scores;
  if (first === undefined) throw new DataError("STATISTICS_EMPTY", "there are no seeds to average over");
  for (const seed of scores) requireSameLength(first, seed);
  const seeds = scores.map(mean);
  const items = first.map((_, item) => mean(scores.map((seed) => seed[item]!)));
  return { items, seeds, spread: standardDeviation(seeds) };
}
