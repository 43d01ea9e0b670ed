/** @file Chooses each row's next token from its logits. */
import { aten, philoxUniform, type Tensor, tensor } from "@one-token/torch";
import type { ResolvedGenerationOptions } from "./generation-options.js";
import { filterLogits, penalizeRepetition } from "./logits-filters.js";
import { nonfiniteLogits } from "./score-tokens.js";

/** Names the random draws of a continuation: each number from 0 to 2^32 - 1. */
export interface DrawKey {
  readonly step: number;
  readonly row: number;
}

/** What a choice depends on besides the logits. */
export interface ChoosingRow {
  /** What its random draws are named by, beside the seed and the position. */
  readonly drawKey: DrawKey;
  /** Prompt and continuation so far. */
  readonly tokenIds: readonly number[];
}

/** The next token of each row of `logits` `(B, V) float32`. */
export function chooseTokens(
  logits: Tensor,
  rows: readonly ChoosingRow[],
  options: ResolvedGenerationOptions,
): number[] {
  if (aten.all(aten.isfinite(aten.amax(logits, [1]))).item() === 0) {
    throw nonfiniteLogits();
  }
  const sequences = rows.map((row) => row.tokenIds);
  const penalized = penalizeRepetition(logits, sequences, options.repetitionPenalty);
  if (options.temperature === 0) return penalized.argmax(1).toArray();
  const probabilities = filterLogits(penalized, options).softmax(1);
  return sample(probabilities, uniforms(rows, options.seed, logits.device)).toArray();
}

/**
 * Inverts each row's distribution function at its uniform number: `(B) int64`.
 *
 * Summed in float64, and scaled by the sum that was reached, so that the last tokens of a large vocabulary are
 * neither favoured nor out of reach; a token of probability 0 is never drawn.
 */
function sample(probabilities: Tensor, uniform: Tensor): Tensor {
  const cumulative = aten.cumsum(probabilities, 1, { dtype: "float64" });
  const total = cumulative.narrow(1, cumulative.shape[1]! - 1, 1);
  return aten.searchsorted.Tensor(cumulative, uniform.to("float64").mul(total), { right: true }).squeeze(1);
}

/** One number in [0, 1) a row, `(B, 1)`: a function of seed, the row's key and position, hence the same in any batch. */
function uniforms(rows: readonly ChoosingRow[], seed: number, device: string): Tensor {
  const keys = rows.flatMap(({ drawKey, tokenIds }) => [seed, drawKey.step, drawKey.row, tokenIds.length]);
  return philoxUniform(tensor(keys, { shape: [rows.length, 4], dtype: "int64", device }), 1);
}
