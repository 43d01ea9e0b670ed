/** Bounds that hold the true value in a share of all repetitions, 95 % of them where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The share of repetitions that an interval holds for. */
export const CONFIDENCE = 0.95;
