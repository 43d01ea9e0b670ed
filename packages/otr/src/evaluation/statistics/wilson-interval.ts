import { DataError } from "../../errors.js";
import { CONFIDENCE, type Interval } from "./interval.js";
import { normalQuantile } from "./normal-distribution.js";

/**
 * The 95 % interval of a rate by E. B. Wilson (JASA 22, 1927), without correction of continuity:
 * `(p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`. Unlike the one by t it stays within 0 and 1 and has a width
 * where all or no items are right.
 *
 * @throws {DataError} `STATISTICS_COUNTS` unless 0 <= successes <= trials, whole numbers, and there is a trial
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!isCount(successes) || !isCount(trials) || trials === 0 || successes > trials) {
    throw new DataError(
      "STATISTICS_COUNTS",
      `${successes} of ${trials} is no rate; give whole numbers, at least one trial, and no more successes than trials`,
    );
  }
  return wilsonIntervalOfRate(successes / trials, trials);
}

/**
 * The same of a rate from 0 to 1 whose error is that of so many trials; their number need not be whole (E. L. Korn and B. I.
 * Graubard, Survey Methodology 24, 1998, call it the effective sample size).
 */
export function wilsonIntervalOfRate(rate: number, trials: number): Interval {
  const z = normalQuantile((1 + CONFIDENCE) / 2);
  const scale = 1 + (z * z) / trials;
  const center = (rate + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return {
    low: rate === 0 ? 0 : center - half,
    high: rate === 1 ? 1 : center + half,
  };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
