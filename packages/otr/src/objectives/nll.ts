import { aten, full, type Tensor } from "@one-token/torch";
import type { Objective, TokenContext, TokenTerms } from "./objective.js";

/** What configures `nll`. */
export interface NllOptions {
  /** e: the share of the loss that is spread evenly over the vocabulary. */
  readonly labelSmoothingFactor: number;
  /** c: the entropy is rewarded with this weight. */
  readonly entropyCoef: number;
}

/**
 * Supervised fine-tuning: (1 - e)(-log pi_y) + (e / V) sum_a -log pi_a - c H(pi).
 *
 * The gradient of -c H is c pi (log pi + H), which is a row weight c H and token weights -c pi log pi.
 */
export function nll(options: NllOptions): Objective {
  return {
    lossType: "nll",
    samples: false,
    rewards: false,
    valueLossCoef: null,
    terms: {
      target: 1 - options.labelSmoothingFactor,
      uniform: options.labelSmoothingFactor,
      entropy: options.entropyCoef,
    },
    evaluate: (context) => likelihood(context, options),
  };
}

function likelihood(
  { policy, targetLogProbability }: TokenContext,
  { labelSmoothingFactor: e, entropyCoef: c }: NllOptions,
): TokenTerms {
  let losses = targetLogProbability.mul(e - 1);
  let total = aten.ones_like(losses);
  let dense: Tensor | null = null;
  if (e !== 0) {
    const vocabulary = policy.shifted.shape[1];
    const meanLogProbability = policy.shifted.mean([1]).sub(policy.logNormalizer.squeeze(1));
    losses = losses.sub(meanLogProbability.mul(e));
    dense = full([1, 1], e / vocabulary, { dtype: losses.dtype, device: losses.device });
  }
  if (c !== 0) {
    losses = losses.sub(policy.entropy.mul(c));
    total = total.add(policy.entropy.mul(c));
    const surprise = aten.special_entr(policy.probabilities).mul_(c);
    dense = dense ? surprise.add_(dense) : surprise;
  }
  return {
    losses,
    weights: { total, atTarget: aten.full_like(losses, 1 - e), atSamples: null, dense },
    rollout: null,
  };
}
