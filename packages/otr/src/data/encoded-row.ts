/** What happens to a row with more tokens than `max_length`: keep its start or its end, leave it out, or stop. */
export type TruncationMode = "keep_start" | "keep_end" | "drop" | "error";

/** A row as the model sees it. */
export interface EncodedRow {
  /** The 0-based number of the row in its file. */
  readonly id: number;
  /** `(T)`: token ids. */
  readonly inputIds: Int32Array;
  /** `(T)`: the id at the same position where it is learned, else {@link IGNORE_INDEX}. Not shifted. */
  readonly labels: Int32Array;
}

/** The label of a position without loss. */
export const IGNORE_INDEX = -100;

/** The row with at most `maxLength` tokens, or null where the mode leaves such a row out. */
export function truncate(
  row: EncodedRow,
  maxLength: number,
  mode: "keep_start" | "keep_end" | "drop",
): EncodedRow | null {
  const length = row.inputIds.length;
  if (length <= maxLength) return row;
  if (mode === "drop") return null;
  const [start, end] = mode === "keep_start" ? [0, maxLength] : [length - maxLength, length];
  return { id: row.id, inputIds: row.inputIds.slice(start, end), labels: row.labels.slice(start, end) };
}

/** How many tokens of a row are learned. The first token of a row never is: nothing stands before it to predict it from. */
export function countSupervised(labels: Int32Array): number {
  let count = 0;
  for (let position = 1; position < labels.length; position++) {
    if (labels[position] !== IGNORE_INDEX) count += 1;
  }
  return count;
}
