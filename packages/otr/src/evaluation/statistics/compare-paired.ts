import { correlation } from "./correlation.js";
import { detectableDifference } from "./detectable-difference.js";
import type { Interval } from "./interval.js";
import { type BootstrapOptions, pairedBootstrap } from "./paired-bootstrap.js";
import { requireSameLength } from "./require-numbers.js";
import { mean, standardError } from "./standard-error.js";
import { tInterval } from "./t-interval.js";

/** How the second of two models differs from the first on the same items. */
export interface PairedComparison {
  readonly items: number;
  /** The mean score of the second less that of the first. */
  readonly difference: number;
  /** Of the difference; null for one item. */
  readonly standardError: number | null;
  /** 95 % by Student's t over items. */
  readonly interval: Interval | null;
  /** 95 % by the seeded bootstrap over items. */
  readonly bootstrap: Interval;
  /** Pearson's, of the items' scores; null where a model scores all items alike. */
  readonly correlation: number | null;
  /** The smallest difference that this many items would have shown; see {@link detectableDifference}. */
  readonly detectable: number | null;
}

/**
 * Compares two models item by item, which is more exact than comparing their means: what makes an item hard for both
 * cancels (E. Miller, arXiv 2411.00640, section 4).
 *
 * @param first scores of the first model by item
 * @param second scores of the second model of the same items, in the same order
 * @throws {DataError} `STATISTICS_LENGTHS_DIFFER`, `STATISTICS_EMPTY`, `STATISTICS_NOT_FINITE`
 */
export function comparePaired(
  first: readonly number[],
  second: readonly number[],
  { seed, draws }: BootstrapOptions,
): PairedComparison {
  requireSameLength(first, second);
  const differences = second.map((score, item) => score - first[item]!);
  const difference = mean(differences);
  const error = standardError(differences);
  return {
    items: differences.length,
    difference,
    standardError: error,
    interval: tInterval(difference, error, differences.length - 1),
    bootstrap: pairedBootstrap(differences, { seed, draws }),
    correlation: correlation(first, second),
    detectable: error === null ? null : detectableDifference(error),
  };
}
