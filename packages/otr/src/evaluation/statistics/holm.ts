import { DataError } from "../../errors.js";

/**
 * The p-values of several tests, adjusted so that comparing each with 5 % is wrong in at most 5 % of all families of tests:
 * in rising order the i-th of m (from 0) is multiplied by `m - i`, and none is below the one before it (S. Holm, "A simple
 * sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
 *
 * @returns in the order given
 * @throws {DataError} `STATISTICS_P_VALUE` where one is not between 0 and 1
 */
export function holm(pValues: readonly number[]): number[] {
  for (const [index, pValue] of pValues.entries()) {
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new DataError("STATISTICS_P_VALUE", `p-value ${index} is ${pValue}; it must lie between 0 and 1`);
    }
  }
  const rising = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted: number[] = new Array(pValues.length).fill(0);
  let largest = 0;
  for (const [rank, index] of rising.entries()) {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
