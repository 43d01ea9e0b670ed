/** @file Medians and what they may be off by. */

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The smallest and the largest value: with five measurements or more, at least 93 % sure to hold the true median. */
export function medianInterval(values) {
  return [Math.min(...values), Math.max(...values)];
}
