/** @file An objective by the fused operator: one pass over the logits on the CPU instead of a dozen. */
import { kernels, type Tensor } from "@one-token/torch";
import { type Objective, type ObjectiveInput, requireInputs } from "./objective.js";
import type { RandomStream } from "./random-stream.js";
import { FUSED_STATISTICS, type TokenStatistics } from "./statistics.js";

export interface ChunkInput extends ObjectiveInput {
  /** The sums over the N positions are added to these. */
  readonly statistics: TokenStatistics;
}

export interface ChunkOutput {
  /** d(sum_i weight_i loss_i) / d logits, `(N, V)`. */
  readonly gradient: Tensor | null;
  /** d(valueLossCoef sum_i weight_i valueLoss_i) / d values, `(N)`. */
  readonly valueGradient: Tensor | null;
}

/** Whether {@link evaluateFused} can evaluate `objective` on logits like these, with draws of this stream. */
export function canFuse(objective: Objective, logits: Tensor, stream: RandomStream | null): boolean {
  const fits = logits.device === "cpu" && (logits.dtype === "float32" || logits.dtype === "bfloat16");
  return fits && objective.terms !== undefined && stream?.keys !== null;
}

/**
 * Gradient and statistics of `objective`, which has `terms`, at N positions on the CPU: `(N, V)` logits in float32 or
 * bfloat16, all arithmetic in float32 or better. The gradients lie in the memory of the logits and of the values. The
 * same tokens are drawn as by {@link evaluateObjective}, but for those whose uniforms lie within rounding of a boundary.
 *
 * @throws OtrError `OBJECTIVE_NEEDS_VALUES`, `OBJECTIVE_NEEDS_STREAM`
 */
export function evaluateFused(objective: Objective, input: ChunkInput): ChunkOutput {
  const { logits, targets, weights, statistics, stream = null, softcap = 0, needsGradient = true } = input;
  const values = objective.valueLossCoef === null ? null : (input.values ?? null);
  requireInputs(objective, values, stream);
  kernels.token_objective_(logits, targets, weights, statistics.narrow(0, 0, FUSED_STATISTICS), {
    ...objective.terms,
    keys: stream?.keys,
    values,
    softcap,
    needs_gradient: needsGradient,
  });
  return needsGradient
    ? { gradient: logits, valueGradient: values }
    : { gradient: null, valueGradient: null };
}
