import { DataError } from "../../errors.js";

/**
 * Refuses what no statistic can be taken of.
 *
 * @throws {DataError} `STATISTICS_EMPTY` without values, `STATISTICS_NOT_FINITE` where a value is NaN or infinite
 */
export function requireNumbers(values: readonly number[]): void {
  if (values.length === 0) throw new DataError("STATISTICS_EMPTY", "there are no values to take a mean of");
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new DataError(
      "STATISTICS_NOT_FINITE",
      `value ${index} is ${values[index]}, and a mean over it would be too; score the item, or leave it out and say so`,
    );
  }
}

/**
 * Refuses two lists that should tell of the same items and do not.
 *
 * @throws {DataError} `STATISTICS_LENGTHS_DIFFER`
 */
export function requireSameLength(first: readonly unknown[], second: readonly unknown[]): void {
  if (first.length === second.length) return;
  throw new DataError(
    "STATISTICS_LENGTHS_DIFFER",
    `the lists have ${first.length} and ${second.length} entries; they must tell of the same items in the same order`,
  );
}
