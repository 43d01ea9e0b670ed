/** A mean over seeds with its standard error, both in the unit of the values. */
export interface Estimate {
  readonly mean: number;
  /** 0 for a single value, of which it says nothing. */
  readonly standardError: number;
  readonly count: number;
}

/** The mean of `values` and the standard error of that mean: sample deviation (n - 1) over the root of n. */
export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, standardError: 0, count: values.length };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length), count: values.length };
}
