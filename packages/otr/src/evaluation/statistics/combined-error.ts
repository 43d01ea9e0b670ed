/** @file The error of an estimate that two samples decide on: the items that were asked, and the runs that answered. */
import { CONFIDENCE, type Interval } from "./interval.js";
import { invertIncreasing } from "./invert-increasing.js";
import { normalQuantile, normalUpperTail } from "./normal-distribution.js";
import { studentUpperTail } from "./student-t.js";

/** What one of the samples adds to the error. */
export interface ErrorPart {
  readonly standardError: number;
  /** Degrees of freedom, at least 1. */
  readonly freedom: number;
}

/**
 * Half the width of an interval: the hypotenuse of the half widths that each part would have by itself,
 *
 *     sqrt(sum_k (t_{1 - level/2, v_k} * e_k)^2)
 *
 * For independent parts and normal numbers an interval of this width misses the true value in at most `level` of all
 * repetitions, whichever part is the larger one and however few degrees of freedom it has (S. Banerjee, "Approximate
 * confidence interval for linear functions of means of k populations when the population variances are not equal",
 * Sankhya 22, 1960). Of one part it is the interval by Student's t.
 *
 * @param level of error, two-sided
 */
export const combinedMargin = (parts: readonly ErrorPart[], level: number): number =>
  Math.hypot(...parts.map(({ standardError, freedom }) => twoSidedQuantile(level, freedom) * standardError));

/** The 95 % interval of an estimate; null without parts. */
export function combinedInterval(estimate: number, parts: readonly ErrorPart[]): Interval | null {
  if (parts.length === 0) return null;
  const half = combinedMargin(parts, 1 - CONFIDENCE);
  return { low: estimate - half, high: estimate + half };
}

/** The p-value that goes with {@link combinedInterval}: the level of error whose interval just reaches 0. */
export function combinedPValue(estimate: number, parts: readonly ErrorPart[]): number {
  const size = Math.abs(estimate);
  const [only, ...others] = parts.filter(({ standardError }) => standardError > 0);
  if (size === 0 || parts.length === 0) return 1;
  if (only === undefined) return 0;
  if (others.length === 0) return 2 * studentUpperTail(size / only.standardError, only.freedom);
  // Between the levels at which one part by itself reaches so far, and all the way up to 1.
  let [low, high] = [Math.log(SMALLEST_LEVEL), 0];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (combinedMargin(parts, Math.exp(middle)) > size) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** Below it, p-values of two parts are not told apart. */
const SMALLEST_LEVEL = 1e-30;

/** The t that is exceeded to either side in a share `level` of cases. */
const twoSidedQuantile = (level: number, freedom: number): number =>
  invertIncreasing((t) => -studentUpperTail(t, freedom), -level / 2);

const POWER = 0.8;
/** Into how many equally likely values an estimated variance is split. */
const SLICES = 12;

/**
 * The smallest true difference that a test at `level` by {@link combinedPValue} finds in 80 % of repetitions, if the true
 * errors are the given ones. Both the estimate and the estimated errors vary from repetition to repetition: the power is
 * the mean, over estimated variances `e^2 X / v` with X of the chi-square distribution, of the probability that a normal
 * estimate exceeds the margin.
 */
export function combinedDetectable(parts: readonly ErrorPart[], level: number): number {
  const deviation = Math.hypot(...parts.map(({ standardError }) => standardError));
  if (deviation === 0) return 0;
  const squares = parts.map(({ standardError, freedom }) => {
    const margin = twoSidedQuantile(level, freedom) * standardError;
    return Array.from(
      { length: SLICES },
      (_, slice) => (margin ** 2 * chiSquareQuantile((slice + 0.5) / SLICES, freedom)) / freedom,
    );
  });
  const margins = squares
    .reduce((sums, own) => sums.flatMap((sum) => own.map((square) => sum + square)), [0])
    .map(Math.sqrt);
  const power = (difference: number) =>
    margins.reduce((sum, margin) => sum + normalCdf((difference - margin) / deviation), 0) / margins.length;
  return invertIncreasing(power, POWER);
}

const normalCdf = (x: number): number => (x < 0 ? normalUpperTail(-x) : 1 - normalUpperTail(x));

/** E. B. Wilson and M. M. Hilferty's approximation (PNAS 17, 1931). */
function chiSquareQuantile(probability: number, freedom: number): number {
  const variance = 2 / (9 * freedom);
  return freedom * Math.max(0, 1 - variance + normalQuantile(probability) * Math.sqrt(variance)) ** 3;
}
