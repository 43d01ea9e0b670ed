/** @file How many rows of each source a mixture by weight takes. */

/**
 * The largest mixture with these shares in which no row comes twice, as TRL makes it: of the source that is used up
 * first every row, of the others `round(share * total)`, one at least.
 * @param counts rows of each source
 * @param weights positive; what counts is their ratio
 */
export function mixtureCounts(counts: readonly number[], weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => weight / sum);
  const total = Math.min(...counts.map((count, source) => count / shares[source]!));
  return counts.map((count, source) => Math.max(1, Math.min(count, Math.round(shares[source]! * total))));
}
