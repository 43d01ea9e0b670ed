import { type Tensor, tensor } from "@one-token/torch";
import { countSupervised, type EncodedRow, IGNORE_INDEX } from "../data/encoded-row.js";
import type { PackedRows } from "../models/packed-rows.js";
import type { TokenKeys } from "../objectives/random-stream.js";

/** How the losses of an optimizer step become one number. */
export type LossAggregation = "token" | "sequence";

/** The N supervised tokens of a micro-batch. */
export interface SupervisedTokens {
  /** `(N) int64`: where, among the packed rows, the hidden state stands that predicts the token. */
  readonly index: Tensor;
  /** `(N) int64` */
  readonly targets: Tensor;
  /** `(N)`: factor of the token's loss in the loss of the optimizer step. */
  readonly weights: Tensor;
  /** What names each token's random draws. */
  readonly rowIds: TokenKeys["rowIds"];
  readonly positions: TokenKeys["positions"];
}

/**
 * The factor of each token's loss, so that micro-batches add up to the loss of their optimizer step: 1 / number of
 * supervised tokens of the step, or 1 / (tokens of the row x rows of the step).
 */
export function tokenWeight(
  stepRows: readonly EncodedRow[],
  aggregation: LossAggregation,
): (row: EncodedRow) => number {
  if (aggregation === "sequence") return (row) => 1 / (countSupervised(row.labels) * stepRows.length);
  const count = stepRows.reduce((sum, row) => sum + countSupervised(row.labels), 0);
  return () => 1 / count;
}

/** Finds the supervised tokens of `rows` as `packed` lays them; the first token of a row has nothing to predict it. */
export function supervisedTokens(
  rows: readonly EncodedRow[],
  packed: PackedRows,
  weightOf: (row: EncodedRow) => number,
  device: string,
): SupervisedTokens {
  const index: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  const rowIds: number[] = [];
  const positions: number[] = [];
  let start = 0;
  for (const which of packed.order) {
    const row = rows[which];
    const weight = weightOf(row);
    for (let position = 1; position < row.labels.length; position++) {
      if (row.labels[position] === IGNORE_INDEX) continue;
      index.push(start + position - 1);
      targets.push(row.labels[position]);
      weights.push(weight);
      rowIds.push(row.id);
      positions.push(position);
    }
    start += row.labels.length;
  }
  return {
    index: tensor(index, { dtype: "int64", device }),
    targets: tensor(targets, { dtype: "int64", device }),
    weights: tensor(weights, { dtype: "float64", device }),
    rowIds,
    positions,
  };
}
