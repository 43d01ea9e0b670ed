/** @file A prompt with a completion that the model wrote, as a row to train on. */
import { countSupervised, type EncodedRow, IGNORE_INDEX } from "../data/encoded-row.js";
import { OtrError } from "../errors.js";
import { type RolloutTokens, rolloutTokens } from "../objectives/rollout-tokens.js";
import type { TokenPlaces } from "../objectives/random-stream.js";

/** A row whose completion the model wrote. */
export interface RolloutRow extends EncodedRow {
  /** Its number among all completions that the rows of the data set may have: `sourceId * numGenerations + sample`. */
  readonly id: number;
  /** The row of the data set that its prompt is from. */
  readonly sourceId: number;
  /** Tokens before the completion. */
  readonly promptLength: number;
  /** How much better the completion is than others of its prompt. */
  readonly advantage: number;
  /** log pi of the completion's tokens when they were written; null: the weights are still those. */
  readonly oldLogProbabilities: readonly number[] | null;
  /** The same under the reference model; null: there is none. */
  readonly referenceLogProbabilities: readonly number[] | null;
}

/**
 * Where the last stretch of a row begins that is learned: what stands before is the prompt of a rollout, what is learned its
 * reference. 0 or 1 where there is no prompt.
 */
export function promptLengthOf({ labels }: Pick<EncodedRow, "labels">): number {
  let start = labels.findLastIndex((label) => label !== IGNORE_INDEX);
  while (start > 0 && labels[start - 1] !== IGNORE_INDEX) start--;
  return Math.max(0, start);
}

/** What is known of the tokens at `places`, which are those of `rows`. */
export function rolloutTokensOf(
  rows: readonly EncodedRow[],
  { rowIds, positions }: TokenPlaces,
  device: string,
): RolloutTokens {
  const byId = new Map(rows.map((row) => [row.id, requireRollout(row)]));
  const places = Array.from(rowIds, (id, at) => ({ row: byId.get(id)!, position: positions[at]! }));
  const valuesOf = (key: "oldLogProbabilities" | "referenceLogProbabilities") =>
    places.every(({ row }) => row[key] !== null)
      ? Float64Array.from(places, ({ row, position }) => row[key]![position - row.promptLength]!)
      : null;
  const numbers = {
    advantages: Float64Array.from(places, ({ row }) => row.advantage),
    oldLogProbability: valuesOf("oldLogProbabilities"),
    referenceLogProbability: valuesOf("referenceLogProbabilities"),
  };
  return rolloutTokens(numbers, device);
}

function requireRollout(row: EncodedRow): RolloutRow {
  if (isRollout(row)) return row;
  throw new OtrError(
    "OBJECTIVE_NEEDS_ROLLOUTS",
    `row ${row.id} is no completion that the model wrote, and the objective trains nothing else`,
  );
}

const isRollout = (row: EncodedRow): row is RolloutRow => "advantage" in row;

/** How rollouts of a step become one loss, by TRL's names. */
export type GrpoAggregation = "dapo" | "grpo" | "dr_grpo" | "bnpo";

/**
 * The factor of each token's loss in a row, so that the micro-batches of a step add up to its loss, as TRL's `loss_type`
 * says: `dapo` 1 / tokens of the step; `grpo` (arXiv 2402.03300) 1 / (tokens of the completion x completions of the step);
 * `dr_grpo` (arXiv 2503.20783) 1 / (max_completion_length x completions); `bnpo` 1 / (tokens of the micro-batch x
 * micro-batches). A completion that is masked counts as one without loss.
 */
export function rolloutWeight(
  batches: readonly (readonly EncodedRow[])[],
  aggregation: GrpoAggregation,
  maxCompletionLength: number,
): (row: EncodedRow) => number {
  const rows = batches.flat();
  const tokensOf = (some: readonly EncodedRow[]) =>
    some.reduce((sum, { labels }) => sum + countSupervised(labels), 0);
  if (aggregation === "grpo") return ({ labels }) => 1 / (countSupervised(labels) * rows.length);
  if (aggregation === "dr_grpo") return () => 1 / (maxCompletionLength * rows.length);
  if (aggregation === "bnpo") {
    const tokens = new Map(
      batches.flatMap((batch) => {
        const count = tokensOf(batch);
        return batch.map(({ id }) => [id, count] as const);
      }),
    );
    return ({ id }) => 1 / (tokens.get(id)! * batches.length);
  }
  const count = tokensOf(rows);
  return () => 1 / count;
}
