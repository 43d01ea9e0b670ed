/**
 * @file One-Token Rollout (arXiv 2509.26313): every token a one-step episode.
 *
 * Candidates a are drawn from the exploration policy q = softmax(z / kappa); R = 1 where a = y, beta elsewhere.
 * The loss is the surrogate of the policy gradient, -E[A log pi_a], the advantage A = R - baseline held constant.
 * As R takes two values, A = offset + gain [a = y] with one offset and one gain a row.
 */
import { aten, type Tensor } from "@one-token/torch";
import type { Objective, TokenContext, TokenTerms } from "./objective.js";

/** What a reward is compared with. */
export type OtrBaseline = "none" | "rloo" | "value";
/** Whether candidates are sampled, or their expectation is computed. */
export type OtrEstimator = "monte_carlo" | "exact";

/** What configures `otr`. */
export interface OtrOptions {
  /** K, the candidates drawn for each token (Monte Carlo). */
  readonly otrNumSamples: number;
  /** kappa, the temperature of the exploration policy. */
  readonly otrTemperature: number;
  /** beta, the reward of a candidate that is not the target. */
  readonly otrBeta: number;
  readonly otrBaseline: OtrBaseline;
  readonly otrEstimator: OtrEstimator;
  /** Weight each candidate by pi_a / q_a. */
  readonly otrImportanceCorrection: boolean;
  /** Weight of the critic's loss (baseline `value`). */
  readonly valueLossCoef: number;
}

/** The policy gradient of one-step episodes, sampled or in expectation. */
export function otr(options: OtrOptions): Objective {
  const exact = options.otrEstimator === "exact";
  return {
    lossType: "otr",
    samples: !exact,
    rewards: true,
    valueLossCoef: options.otrBaseline === "value" ? options.valueLossCoef : null,
    terms: {
      estimator: options.otrEstimator,
      num_samples: options.otrNumSamples,
      temperature: options.otrTemperature,
      other_reward: options.otrBeta,
      baseline: options.otrBaseline,
      importance_correction: options.otrImportanceCorrection,
      value_coef: options.valueLossCoef,
    },
    evaluate: (context) => (exact ? expectation(context, options) : monteCarlo(context, options)),
  };
}

/** -(1/K) sum_j A_j log pi(a_j) over K candidates. */
function monteCarlo(context: TokenContext, options: OtrOptions): TokenTerms {
  const { policy, targets, stream } = context;
  const { otrNumSamples: count, otrTemperature: kappa, otrBeta: beta } = options;
  const tempered = policy.tempered(kappa);
  const temperedNormalizer = options.otrImportanceCorrection ? tempered.sum([1], true).log() : null;
  const tokens = stream!.sample(tempered, count);
  const hits = tokens.eq(targets).to(policy.shifted.dtype);
  const hitRate = hits.mean([1]);

  const advantages = sampledAdvantages(hits, hitRate, context.values, options);
  const logProbability = policy.logProbability(tokens);
  if (temperedNormalizer) {
    const temperedLogProbability = policy.shifted.gather(1, tokens).div_(kappa).sub_(temperedNormalizer);
    advantages.mul_(logProbability.sub(temperedLogProbability).exp());
  }
  const drawWeights = advantages.div_(count);
  const tokenWeights = drawWeights.mul(drawCounts(tokens, tempered));
  return {
    losses: drawWeights.mul(logProbability).sum([1]).neg(),
    weights: {
      total: drawWeights.sum([1]),
      atTarget: null,
      atSamples: { tokens, weights: tokenWeights },
      dense: null,
    },
    rollout: { reward: hitRate.mul(1 - beta).add(beta), hitRate },
  };
}

/**
 * How often each of `tokens` `(N, K)` stands in its row. Counts are exact where adding up K rounded weights is
 * not, and a policy gradient is the small difference of such sums.
 *
 * @param buffer `(N, V)`, overwritten.
 */
function drawCounts(tokens: Tensor, buffer: Tensor): Tensor {
  const counts = aten.scatter_add_(
    buffer.zero_(),
    1,
    tokens,
    aten.ones_like(tokens, { dtype: buffer.dtype }),
  );
  return counts.gather(1, tokens);
}

/** A_j of each candidate, `(N, K)`, from `hits` (1 where a_j = y) and their mean. */
function sampledAdvantages(
  hits: Tensor,
  hitRate: Tensor,
  values: Tensor | null,
  { otrBaseline, otrBeta: beta, otrNumSamples: count }: OtrOptions,
): Tensor {
  switch (otrBaseline) {
    case "none":
      return hits.mul(1 - beta).add_(beta);
    case "value":
      return hits.mul(1 - beta).add_(values!.neg().add_(beta).unsqueeze(1));
    case "rloo":
      // R_j - mean of the others = (R_j - mean of all) K / (K - 1), where beta cancels but for the scale.
      return hits.sub(hitRate.unsqueeze(1)).mul_(((1 - beta) * count) / (count - 1));
  }
}

/**
 * -E[A log pi_a] under q in closed form: K = infinity without sampling. With importance correction the
 * expectation is under pi, whatever q.
 */
function expectation(context: TokenContext, options: OtrOptions): TokenTerms {
  const { policy, targets, targetLogProbability, values } = context;
  const { otrTemperature: kappa, otrBeta: beta, otrImportanceCorrection: corrected } = options;
  const gain = 1 - beta;
  const exploration = policy.tempered(kappa);
  exploration.div_(exploration.sum([1], true));
  const hitRate = exploration.gather(1, targets).squeeze(1);
  const offset = exactOffset(hitRate, values, options);

  const measure = corrected ? policy.probabilities : exploration;
  const atTarget = (corrected ? targetLogProbability.exp() : hitRate).mul(gain);
  const losses = offset.mul(policy.crossEntropy(measure)).sub(atTarget.mul(targetLogProbability));
  return {
    losses,
    weights: corrected
      ? // The offset's part is offset pi - offset pi: left out rather than cancelled in rounding.
        { total: atTarget, atTarget, atSamples: null, dense: null }
      : {
          total: atTarget.add(offset),
          atTarget,
          atSamples: null,
          dense: exploration.mul_(offset.unsqueeze(1)),
        },
    rollout: { reward: hitRate.mul(gain).add(beta), hitRate },
  };
}

/** What A is worth away from the target, `(N)`. */
function exactOffset(
  hitRate: Tensor,
  values: Tensor | null,
  { otrBaseline, otrBeta: beta }: OtrOptions,
): Tensor {
  switch (otrBaseline) {
    case "none":
      return aten.full_like(hitRate, beta);
    case "value":
      return values!.neg().add_(beta);
    case "rloo":
      return hitRate.mul(beta - 1);
  }
}
