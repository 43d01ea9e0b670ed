/** Batches whose rows are sorted together. */
const LARGEST_GROUP = 50;

/**
 * An order in which the rows of a batch have about the same length, with the rule of Transformers' `group_by_length`:
 * groups of at most 50 batches (and at least four groups, where there are so many rows), each sorted from long to short.
 * The longest row of all comes first, so that too little memory shows at once.
 * @param order the rows in random order
 * @param lengths tokens of each row
 * @param batchSize rows that should be of about one length
 */
export function groupByLength(order: Uint32Array, lengths: Uint32Array, batchSize: number): Uint32Array {
  const batches = Math.max(1, Math.min(Math.floor(order.length / (4 * batchSize)), LARGEST_GROUP));
  const size = batches * batchSize;
  const grouped = new Uint32Array(order.length);
  let longest = 0;
  for (let start = 0; start < order.length; start += size) {
    // Sorting is stable: rows of one length stay in random order.
    const group = order.slice(start, start + size).sort((a, b) => lengths[b]! - lengths[a]!);
    grouped.set(group, start);
    if (lengths[grouped[start]!]! > lengths[grouped[longest]!]!) longest = start;
  }
  if (longest > 0) {
    const first = grouped[0]!;
    grouped[0] = grouped[longest]!;
    grouped[longest] = first;
  }
  return grouped;
}
