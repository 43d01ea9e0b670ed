/** @file Rows of tokens laid end to end, without padding. */
import { type Tensor, tensor } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { RowSpan } from "./rotary.js";

/** Rows laid end to end, shortest first, so that rows of equal length are neighbours. T is their total length. */
export interface PackedRows {
  /** `(T) int64` */
  readonly inputIds: Tensor;
  /** `(T) int64`, from 0 in each row. */
  readonly positions: Tensor;
  /** Tokens of each row, in the order in which they lie. */
  readonly lengths: readonly number[];
  /** The rows themselves, each whole. */
  readonly spans: readonly RowSpan[];
  /** `order[i]` is the index, among the given rows, of the row that lies i-th. */
  readonly order: readonly number[];
}

/**
 * Lays rows end to end on `device`.
 *
 * @throws {DataError} `ROW_EMPTY` for a row without tokens, `ROWS_EMPTY` for no rows.
 */
export function packRows(rows: readonly { readonly inputIds: Int32Array }[], device = "cpu"): PackedRows {
  if (rows.length === 0) throw new DataError("ROWS_EMPTY", "there are no rows to compute");
  const order = rows.map((_, index) => index);
  order.sort((a, b) => rows[a]!.inputIds.length - rows[b]!.inputIds.length || a - b);
  const lengths = order.map((index) => rows[index]!.inputIds.length);
  if (lengths[0] === 0) throw new DataError("ROW_EMPTY", `row ${order[0]} has no tokens; leave it out`);

  const total = lengths.reduce((sum, length) => sum + length, 0);
  const inputIds = new Int32Array(total);
  const positions = new Int32Array(total);
  let offset = 0;
  for (const index of order) {
    const row = rows[index]!.inputIds;
    inputIds.set(row, offset);
    for (let position = 0; position < row.length; position++) positions[offset + position] = position;
    offset += row.length;
  }
  return {
    inputIds: tensor(inputIds, { dtype: "int64", device }),
    positions: tensor(positions, { dtype: "int64", device }),
    lengths,
    spans: lengths.map((length) => ({ tokens: length, length })),
    order,
  };
}

/** Neighbouring rows of one length. */
export interface LengthGroup {
  readonly rows: number;
  readonly length: number;
}

/** Runs of equal values in `lengths`. */
export function lengthGroups(lengths: readonly number[]): LengthGroup[] {
  const groups: { rows: number; length: number }[] = [];
  for (const length of lengths) {
    const last = groups.at(-1);
    if (last?.length === length) last.rows++;
    else groups.push({ rows: 1, length });
  }
  return groups;
}
