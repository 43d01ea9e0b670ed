import type { Objective, TokenContext, TokenTerms } from "./objective.js";

/**
 * Dynamic Fine-Tuning (arXiv 2508.05629): -sg[pi_y] log pi_y, the negative log-likelihood weighted by the
 * target's own probability.
 */
export function dft(): Objective {
  return {
    lossType: "dft",
    samples: false,
    rewards: false,
    valueLossCoef: null,
    terms: { target_probability: 1 },
    evaluate,
  };
}

function evaluate({ targetLogProbability }: TokenContext): TokenTerms {
  const probability = targetLogProbability.exp();
  return {
    losses: probability.mul(targetLogProbability).neg(),
    weights: { total: probability, atTarget: probability, atSamples: null, dense: null },
    rollout: null,
  };
}
