import { DataError } from "../../errors.js";
import { normalUpperTail } from "./normal-distribution.js";

/** From this many discordant items on, the chi-square distribution is close enough. */
const LARGE = 25;

/** What McNemar's test found. */
export interface McNemar {
  /** Items that only the first model gets right. */
  readonly onlyFirst: number;
  /** Items that only the second model gets right. */
  readonly onlySecond: number;
  readonly method: "exact" | "chi-square";
  /** The probability of flips as unequal as these, or more, if the models were equally good. */
  readonly pValue: number;
}

/**
 * McNemar's test (Psychometrika 12, 1947) that two models are equally often right on the same items. It looks only at the
 * items that one gets right and the other wrong, b and c of them. Below 25 it is exact, the two-sided binomial
 * `2 P(X <= min(b, c))` with `X ~ B(b + c, 1/2)`; else the chi-square of `(|b - c| - 1)^2 / (b + c)` with one degree of
 * freedom. Without any flip p is 1.
 *
 * @throws {DataError} `STATISTICS_COUNTS` unless both are whole numbers of at least 0
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new DataError(
        "STATISTICS_COUNTS",
        `${count} is no number of items; give a whole number of at least 0`,
      );
    }
  }
  const flips = onlyFirst + onlySecond;
  if (flips < LARGE) {
    const pValue = Math.min(1, 2 * binomialHalfLowerTail(Math.min(onlyFirst, onlySecond), flips));
    return { onlyFirst, onlySecond, method: "exact", pValue };
  }
  const excess = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  // A chi-square number with one degree of freedom is the square of a normal one.
  const pValue = 2 * normalUpperTail(excess / Math.sqrt(flips));
  return { onlyFirst, onlySecond, method: "chi-square", pValue };
}

/** The probability of at most k heads in n tosses; n below {@link LARGE}, so that every count is exact. */
function binomialHalfLowerTail(k: number, n: number): number {
  let ways = 1;
  let sum = 0;
  for (let heads = 0; heads <= k; heads++) {
    sum += ways;
    ways = (ways * (n - heads)) / (heads + 1);
  }
  return sum / 2 ** n;
}
