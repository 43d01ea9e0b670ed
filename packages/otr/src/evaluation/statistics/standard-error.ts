import { requireNumbers } from "./require-numbers.js";

/** @throws {DataError} what {@link requireNumbers} throws */
export function mean(values: readonly number[]): number {
  requireNumbers(values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The deviation of a sample, `sqrt(sum (x - mean)^2 / (n - 1))`; null for one value, which tells nothing of it.
 *
 * @throws {DataError} what {@link requireNumbers} throws
 */
export function standardDeviation(values: readonly number[]): number | null {
  const center = mean(values);
  if (values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/**
 * The standard error of a mean, `s / sqrt(n)` with the sample deviation `s` (n - 1), as lm-evaluation-harness's
 * `mean_stderr`; null for one value.
 *
 * @throws {DataError} what {@link requireNumbers} throws
 */
export function standardError(values: readonly number[]): number | null {
  const deviation = standardDeviation(values);
  return deviation === null ? null : deviation / Math.sqrt(values.length);
}
