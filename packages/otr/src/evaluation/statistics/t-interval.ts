import { CONFIDENCE, type Interval } from "./interval.js";
import { studentQuantile } from "./student-t.js";

/**
 * The 95 % interval of an estimate by Student's t, `estimate -+ t_{0.975, v} * standardError`; null where the standard
 * error is not known.
 *
 * @param freedom degrees of freedom: the number of values (or of clusters) less one
 */
export function tInterval(estimate: number, standardError: number | null, freedom: number): Interval | null {
  if (standardError === null || freedom < 1) return null;
  const half = studentQuantile((1 + CONFIDENCE) / 2, freedom) * standardError;
  return { low: estimate - half, high: estimate + half };
}
