import { aten, type Tensor } from "@one-token/torch";
import { OtrError } from "../errors.js";
import type { TokenWeights } from "./logit-gradient.js";
import type { Objective, TokenContext, TokenTerms } from "./objective.js";
import type { TokenDistribution } from "./token-distribution.js";

/** What configures `grpo`, by TRL's names. */
export interface GrpoOptions {
  /** Temperature at which completions are sampled; log-probabilities are those of softmax(z / temperature). */
  readonly temperature: number;
  /** How far below 1 the probability ratio of a token may fall before its gradient is cut off. */
  readonly epsilon: number;
  /** How far above 1 it may rise; null: as far. */
  readonly epsilonHigh: number | null;
  /** Weight of the divergence from the reference model. */
  readonly beta: number;
  /** Whether the divergence is multiplied by the ratio, so that its gradient is that of the reverse divergence. */
  readonly useBiasCorrectionKl: boolean;
}

/**
 * Group Relative Policy Optimization (DeepSeekMath, arXiv 2402.03300, equations 3 and 4; the upper bound of its own is
 * DAPO's, arXiv 2503.14476): -min(r A, clip(r, 1 - epsilon, 1 + epsilon_high) A) + beta D for each token of a completion that
 * the model wrote, r = pi_y / pi_old,y, and D = pi_ref,y / pi_y - log(pi_ref,y / pi_y) - 1, times r where it is corrected
 * (DeepSeek-V3.2, arXiv 2512.02556).
 *
 * Each part depends on log pi_y alone, so the gradient is w (pi - e_y) with w = -d loss / d log pi_y.
 */
export function grpo(options: GrpoOptions): Objective {
  const { beta, temperature } = options;
  return {
    lossType: "grpo",
    samples: false,
    rewards: false,
    valueLossCoef: null,
    trainsRollouts: { needsReference: beta !== 0, temperature },
    evaluate: (context) => evaluate(context, options),
  };
}

function evaluate(
  { policy, targets, targetLogProbability, rollouts }: TokenContext,
  { temperature, epsilon, epsilonHigh, beta, useBiasCorrectionKl }: GrpoOptions,
): TokenTerms {
  if (rollouts === null) throw new OtrError("OBJECTIVE_NEEDS_ROLLOUTS", NEEDS_ROLLOUTS);
  const { dtype } = targetLogProbability;
  const logProbability =
    temperature === 1 ? targetLogProbability : temperedLogProbability(policy, targets, temperature);
  const advantages = rollouts.advantages.to(dtype);
  const [low, high] = [1 - epsilon, 1 + (epsilonHigh ?? epsilon)];
  const ratio = rollouts.oldLogProbability
    ? aten.exp(logProbability.sub(rollouts.oldLogProbability.to(dtype)))
    : aten.ones_like(logProbability);
  const [free, clipped] = [ratio.mul(advantages), aten.clamp(ratio, low, high).mul(advantages)];
  let losses = aten.minimum(free, clipped).neg();
  let weights = free.mul(aten.le.Tensor(free, clipped));
  let divergence: Tensor | null = null;
  if (rollouts.referenceLogProbability) {
    const difference = rollouts.referenceLogProbability.to(dtype).sub(logProbability);
    const excess = aten.expm1(difference);
    const plain = excess.sub(difference);
    divergence = useBiasCorrectionKl ? plain.mul(ratio) : plain;
    losses = losses.add(divergence.mul(beta));
    weights = weights.add((useBiasCorrectionKl ? ratio.mul(difference) : excess).mul(beta));
  }
  return {
    losses,
    weights: temperedWeights(policy, weights, temperature),
    rollout: null,
    policyChange: {
      divergence,
      isClippedLow: aten.logical_and(aten.lt.Scalar(ratio, low), aten.lt.Scalar(advantages, 0)),
      isClippedHigh: aten.logical_and(aten.gt.Scalar(ratio, high), aten.gt.Scalar(advantages, 0)),
    },
  };
}

/** log softmax(z / temperature) of the targets, `(N)`. */
export function temperedLogProbability(
  policy: TokenDistribution,
  targets: Tensor,
  temperature: number,
): Tensor {
  const scaled = policy.shifted.div(temperature);
  return scaled
    .gather(1, targets)
    .squeeze(1)
    .sub(aten.logsumexp(scaled, [1]));
}

/** The weights that give the gradient w / temperature (softmax(z / temperature) - e_y). */
function temperedWeights(policy: TokenDistribution, weights: Tensor, temperature: number): TokenWeights {
  if (temperature === 1) return { total: weights, atTarget: weights, atSamples: null, dense: null };
  const atTarget = weights.div(temperature);
  return {
    total: aten.zeros_like(weights),
    atTarget,
    atSamples: null,
    dense: aten.softmax.int(policy.shifted.div(temperature), 1).mul_(atTarget.neg().unsqueeze(1)),
  };
}

const NEEDS_ROLLOUTS =
  "loss_type grpo trains completions that the model wrote, but what is known of them was not given: pass `rollouts`";
