import { aten, type Tensor } from "@one-token/torch";
import type { TokenDistribution } from "./token-distribution.js";

/**
 * The weights w_a of a loss -sum_a w_a log pi_a (w held constant), row by row. Every objective has this form:
 * `nll` is w = e_y, `dft` is w = pi_y e_y, a Monte Carlo estimate is sparse, an expectation is dense.
 */
export interface TokenWeights {
  /** W, the sum of all weights of a row, `(N)`. */
  readonly total: Tensor;
  /** The weight on the target, `(N)`; it adds to what the other parts put there. */
  readonly atTarget: Tensor | null;
  /**
   * Sampled tokens and w_a of each, both `(N, K)`. A token drawn twice stands there twice, both times with the
   * weight of the two draws together.
   */
  readonly atSamples: { readonly tokens: Tensor; readonly weights: Tensor } | null;
  /** Weights on the whole vocabulary, broadcast to `(N, V)`. */
  readonly dense: Tensor | null;
}

/**
 * Gradient of sum_i scale_i loss_i with respect to the logits: scale (W pi - w), `(N, V)`.
 *
 * @param policy consumed: the gradient is written over its probabilities.
 * @param targets `(N) int64`
 * @param scale `(N)`: what each token's loss is multiplied by in the sum.
 */
export function logitGradient(
  policy: TokenDistribution,
  targets: Tensor,
  weights: TokenWeights,
  scale: Tensor,
): Tensor {
  const column = scale.unsqueeze(1);
  const gradient = policy.probabilities.mul_(weights.total.mul(scale).unsqueeze(1));
  if (weights.dense) aten.addcmul_(gradient, weights.dense, column, { value: -1 });
  if (weights.atSamples) {
    const { tokens, weights: sampled } = weights.atSamples;
    // Written, not added: draws of one token all write the same sum, which is rounded once.
    aten.scatter_.src(gradient, 1, tokens, gradient.gather(1, tokens).sub_(sampled.mul(column)));
  }
  if (weights.atTarget) {
    aten.scatter_add_(gradient, 1, targets.unsqueeze(1), weights.atTarget.mul(scale).neg().unsqueeze(1));
  }
  return gradient;
}
