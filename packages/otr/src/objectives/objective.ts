/**
 * @file What an objective is, and the one function that evaluates any of them.
 *
 * Notation of the whole folder: N supervised positions, V tokens of the vocabulary, z the logits, y the
 * target, pi = softmax(z), K samples a token.
 */
import { aten, type kernels, type Tensor } from "@one-token/torch";
import { OtrError } from "../errors.js";
import { logitGradient, type TokenWeights } from "./logit-gradient.js";
import type { PrecedingTokens } from "./preceding-tokens.js";
import type { RandomStream } from "./random-stream.js";
import type { RolloutTokens } from "./rollout-tokens.js";
import { type TokenStatistics, tokenStatistics } from "./statistics.js";
import { TokenDistribution } from "./token-distribution.js";

/** The objectives of the project, by `loss_type`. */
export type LossType = "nll" | "dft" | "unlikelihood" | "otr" | "grpo";

/** What an objective sees of N supervised positions. */
export interface TokenContext {
  readonly policy: TokenDistribution;
  /** y, `(N, 1) int64`. */
  readonly targets: Tensor;
  /** log pi_y, `(N)`. */
  readonly targetLogProbability: Tensor;
  /** The critic's predictions v, `(N)`, for objectives that use them. */
  readonly values: Tensor | null;
  /** The draws, for objectives that sample. */
  readonly stream: RandomStream | null;
  /** The tokens before each position, for objectives that read them. */
  readonly preceding: PrecedingTokens | null;
  /** What is known of tokens that the model wrote, for objectives that train them. */
  readonly rollouts: RolloutTokens | null;
}

/** How far the policy has moved away from others, at N positions. */
export interface PolicyChange {
  /** Its divergence from the reference model, `(N)`; null: there is none. */
  readonly divergence: Tensor | null;
  /** `(N) bool`: where the probability ratio is below its lower bound and has no gradient for it. */
  readonly isClippedLow: Tensor;
  /** `(N) bool`: the same above the upper bound. */
  readonly isClippedHigh: Tensor;
}

/** What an objective says about N supervised positions. */
export interface TokenTerms {
  /** `(N)`, unweighted. */
  readonly losses: Tensor;
  /** The weights that give the losses' gradient. */
  readonly weights: TokenWeights;
  /** Reward and hit rate of the sampled tokens (their mean, or their expectation), each `(N)`. */
  readonly rollout: { readonly reward: Tensor; readonly hitRate: Tensor } | null;
  /** For objectives that train rollouts. */
  readonly policyChange?: PolicyChange;
}

/** An objective as the sum of parts that the fused operator knows, by the operator's own names. */
export type ObjectiveTerms = Omit<
  NonNullable<Parameters<typeof kernels.token_objective_>[4]>,
  "keys" | "values" | "softcap" | "needs_gradient"
>;

/** A loss on single tokens. It knows nothing of models, batches and trainers. */
export interface Objective {
  /** Its name: `loss_type` of the project's own, and of any other what messages and `run.json` call it. */
  readonly lossType: string;
  /** Whether it needs {@link TokenContext.stream}. */
  readonly samples: boolean;
  /** Whether it needs {@link TokenContext.preceding}; default: false. */
  readonly readsPrecedingTokens?: boolean;
  /**
   * Where it trains completions that the model writes instead of those of the rows, and needs {@link TokenContext.rollouts}:
   * whether it compares them with a reference model, and the temperature at which they are sampled. Default: it does not.
   */
  readonly trainsRollouts?: { readonly needsReference: boolean; readonly temperature: number };
  /** Whether it has rewards to report ({@link TokenTerms.rollout}). */
  readonly rewards: boolean;
  /** Weight of the critic's loss; null: there is no critic. */
  readonly valueLossCoef: number | null;
  /** What `evaluate` computes, for the fused operator; absent where it has no words for it. */
  readonly terms?: ObjectiveTerms;
  evaluate(context: TokenContext): TokenTerms;
}

/** N supervised positions, as {@link evaluateObjective} takes them. */
export interface ObjectiveInput {
  /** `(N, V)` float32 or float64; overwritten. */
  readonly logits: Tensor;
  /** `(N) int64` */
  readonly targets: Tensor;
  /** `(N)`: the factor of each token's loss in the sum that is differentiated, normaliser included. */
  readonly weights: Tensor;
  /** `(N)`: the critic's predictions; needed where the objective has a `valueLossCoef`. */
  readonly values?: Tensor | null;
  /** Needed where the objective samples. */
  readonly stream?: RandomStream | null;
  /** Needed where the objective reads preceding tokens. */
  readonly preceding?: PrecedingTokens | null;
  /** Needed where the objective trains rollouts. */
  readonly rollouts?: RolloutTokens | null;
  /** c of the soft cap c tanh(z / c) on the logits z; default 0: none. The gradient is with respect to z. */
  readonly softcap?: number;
  /** False for evaluation: no gradient is computed. Default true. */
  readonly needsGradient?: boolean;
}

/** What {@link evaluateObjective} says about N supervised positions. */
export interface ObjectiveOutput {
  /** `(N)`, unweighted. */
  readonly tokenLosses: Tensor;
  /** d(sum_i weight_i loss_i) / d logits, `(N, V)`. */
  readonly gradient: Tensor | null;
  /** (v - reward)^2, `(N)`, without weight and coefficient. */
  readonly valueLosses: Tensor | null;
  /** d(valueLossCoef sum_i weight_i valueLoss_i) / d values, `(N)`. */
  readonly valueGradient: Tensor | null;
  readonly statistics: TokenStatistics;
}

/**
 * Loss, gradient and statistics of `objective` at N positions: a pure function of its input, except that it
 * overwrites the logits.
 *
 * @throws OtrError `OBJECTIVE_NEEDS_VALUES`, `OBJECTIVE_NEEDS_STREAM`, `OBJECTIVE_NEEDS_PRECEDING_TOKENS`,
 *   `OBJECTIVE_NEEDS_ROLLOUTS`
 */
export function evaluateObjective(objective: Objective, input: ObjectiveInput): ObjectiveOutput {
  const { values = null, stream = null, preceding = null, rollouts = null } = input;
  const { softcap = 0, needsGradient = true } = input;
  requireInputs(objective, values, stream);
  const slope = softcap === 0 ? null : capLogits(input.logits, softcap);
  const policy = new TokenDistribution(input.logits);
  const targets = input.targets.unsqueeze(1);
  const targetLogProbability = policy.logProbability(targets).squeeze(1);
  const given = { values, stream, preceding, rollouts };
  const terms = objective.evaluate({ policy, targets, targetLogProbability, ...given });

  let valueLosses: Tensor | null = null;
  let valueGradient: Tensor | null = null;
  if (objective.valueLossCoef !== null && values && terms.rollout) {
    const error = values.sub(terms.rollout.reward);
    valueLosses = error.mul(error);
    valueGradient = error.mul(input.weights).mul(2 * objective.valueLossCoef);
  }
  const statistics = tokenStatistics({
    losses: terms.losses,
    weights: input.weights,
    targetLogProbability,
    entropy: policy.entropy,
    correct: policy.mode.eq(targets).squeeze(1),
    rollout: terms.rollout,
    valueLosses,
    policyChange: terms.policyChange ?? null,
  });
  // Last, because it overwrites the probabilities.
  const gradient = needsGradient ? logitGradient(policy, input.targets, terms.weights, input.weights) : null;
  if (slope) gradient?.mul_(slope);
  return { tokenLosses: terms.losses, gradient, valueLosses, valueGradient, statistics };
}

/** Bends `logits` in place and returns the bend's derivative, `(N, V)`. */
function capLogits(logits: Tensor, softcap: number): Tensor {
  const ratio = aten.tanh_(logits.div_(softcap));
  const slope = ratio.mul(ratio).neg().add_(1);
  ratio.mul_(softcap);
  return slope;
}

/** @throws OtrError where the objective lacks what it needs. */
export function requireInputs(
  objective: Objective,
  values: Tensor | null,
  stream: RandomStream | null,
): void {
  if (objective.valueLossCoef !== null && !values) {
    throw new OtrError(
      "OBJECTIVE_NEEDS_VALUES",
      "otr_baseline is value, but no predictions of a critic were given: pass a value head or choose another baseline",
    );
  }
  if (objective.samples && !stream) {
    throw new OtrError(
      "OBJECTIVE_NEEDS_STREAM",
      `loss_type ${objective.lossType} draws candidate tokens, but no random stream was given: pass one, or use the exact estimator`,
    );
  }
}
