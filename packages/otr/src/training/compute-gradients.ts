import { recordFunction } from "@one-token/torch";
import type { EncodedRow } from "../data/encoded-row.js";
import { gradientNorm } from "./gradient-norm.js";
import type { StatisticSums, TrainingModel } from "./training-model.js";

/** The gradients of an optimizer step, which lie in the parameters' `grad`. */
export interface FiniteGradients {
  readonly isFinite: true;
  readonly rows: readonly EncodedRow[];
  readonly microBatches: readonly { readonly rows: readonly EncodedRow[]; readonly sums: StatisticSums }[];
  readonly gradNorm: number;
  /** Mean negative log-likelihood of the step's tokens. */
  readonly nll: number;
}

/** Why a step has no gradients. */
export interface NonfiniteGradients {
  readonly isFinite: false;
  /** Those of the micro-batch whose loss is not finite, or of the step where only its gradient is not. */
  readonly rows: readonly EncodedRow[];
  readonly what: "loss" | "gradient";
  readonly value: number;
}

/**
 * Computes the gradients of an optimizer step. Where a loss or the gradients' norm is not finite there are none: they are
 * dropped, and the weights can stay as they are.
 *
 * @param batches the micro-batches
 * @param step keys the random draws
 * @param weightOf factor of each row's token losses
 */
export function computeGradients(
  model: TrainingModel,
  batches: readonly (readonly EncodedRow[])[],
  step: number,
  weightOf: (row: EncodedRow) => number,
): FiniteGradients | NonfiniteGradients {
  const rows = batches.flat();
  const microBatches: { rows: readonly EncodedRow[]; sums: StatisticSums }[] = [];
  for (const batch of batches) {
    const sums = model.accumulateGradients(batch, step, weightOf);
    const value = sums.weighted_loss + sums.value_loss;
    if (!Number.isFinite(value)) return withoutGradients(model, { rows: batch, what: "loss", value });
    microBatches.push({ rows: batch, sums });
  }
  const gradNorm = recordFunction("gradient norm", () => gradientNorm(model.parameters.values()));
  if (!Number.isFinite(gradNorm)) return withoutGradients(model, { rows, what: "gradient", value: gradNorm });
  const sumOf = (name: "nll" | "count") => microBatches.reduce((sum, { sums }) => sum + sums[name], 0);
  // Where all completions of a step are masked there are no tokens.
  const nll = sumOf("nll") / Math.max(1, sumOf("count"));
  return { isFinite: true, rows, microBatches, gradNorm, nll };
}

function withoutGradients(
  { parameters }: TrainingModel,
  found: Omit<NonfiniteGradients, "isFinite">,
): NonfiniteGradients {
  for (const parameter of parameters.values()) parameter.grad = null;
  return { isFinite: false, ...found };
}
