import { aten } from "@one-token/torch";
import { OtrError } from "../errors.js";
import type { Objective, TokenContext, TokenTerms } from "./objective.js";

/** What configures `unlikelihood`. */
export interface UnlikelihoodOptions {
  /** alpha: weight of the unlikelihood of the tokens that stand before. */
  readonly unlikelihoodCoef: number;
}

/** As in the authors' code: -log(1 - pi_c) of a token that is certain has a bound. */
const LEAST_COMPLEMENT = 1e-5;

/**
 * Unlikelihood training (arXiv 1908.04319), on tokens, with the previous context as candidates:
 * -log pi_y - alpha sum_{c in C} log(1 - pi_c), C the distinct tokens that stand before y in its row, without y.
 *
 * The gradient of -log(1 - pi_c) is r (e_c - pi), r = pi_c / (1 - pi_c): a token weight -r.
 */
export function unlikelihood({ unlikelihoodCoef }: UnlikelihoodOptions): Objective {
  return {
    lossType: "unlikelihood",
    samples: false,
    rewards: false,
    valueLossCoef: null,
    readsPrecedingTokens: true,
    evaluate: (context) => evaluate(context, unlikelihoodCoef),
  };
}

function evaluate(
  { policy, targets, targetLogProbability, preceding }: TokenContext,
  coefficient: number,
): TokenTerms {
  if (preceding === null) throw new OtrError("OBJECTIVE_NEEDS_PRECEDING_TOKENS", NEEDS_PRECEDING);
  const { tokens, present } = preceding.candidates();
  const isCandidate = aten.logical_and(present, aten.ne.Tensor(tokens, targets));
  const probability = aten.clamp_max(
    policy.probabilities.gather(1, tokens).mul_(isCandidate),
    1 - LEAST_COMPLEMENT,
  );
  const penalty = aten.log1p(probability.neg()).sum([1]).mul(-coefficient);
  const pushed = probability.div(aten.rsub.Scalar(probability, 1)).mul_(coefficient);
  return {
    losses: penalty.sub(targetLogProbability),
    weights: {
      total: aten.rsub.Scalar(pushed.sum([1]), 1),
      atTarget: aten.ones_like(targetLogProbability),
      // What is no candidate stands for the target, with weight 0: each other token is there once.
      atSamples: { tokens: aten.where.self(isCandidate, tokens, targets), weights: pushed.neg() },
      dense: null,
    },
    rollout: null,
  };
}

const NEEDS_PRECEDING =
  "loss_type unlikelihood lowers the tokens that stand before each one, but these were not given: pass `preceding`";
