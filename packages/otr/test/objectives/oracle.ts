/**
 * @file The objectives written down a second time, in plain differentiable operators over the whole (N, V)
 * matrix: what the fast forms are compared with. Every function gives token losses `(N)`.
 */
import { aten, type Tensor, zeros } from "@one-token/torch";

export interface OracleInput {
  /** A leaf that requires a gradient, `(N, V)`. */
  readonly logits: Tensor;
  readonly targets: Tensor;
}

const pick = (matrix: Tensor, targets: Tensor) => matrix.gather(1, targets.unsqueeze(1)).squeeze(1);

export function nllOracle({ logits, targets }: OracleInput, smoothing = 0, entropyCoef = 0): Tensor {
  const logProbability = logits.logSoftmax(1);
  const entropy = logProbability.exp().mul(logProbability).sum([1]).neg();
  return pick(logProbability, targets)
    .mul(smoothing - 1)
    .sub(logProbability.mean([1]).mul(smoothing))
    .sub(entropy.mul(entropyCoef));
}

/** -log pi_y - alpha sum_c log(1 - pi_c), the candidates c of each token listed by hand. */
export function unlikelihoodOracle(
  { logits, targets }: OracleInput,
  candidates: readonly (readonly number[])[],
  alpha: number,
): Tensor {
  const logProbability = logits.logSoftmax(1);
  const mask = zeros(logits.shape, { dtype: logits.dtype });
  for (const [row, tokens] of candidates.entries()) {
    for (const token of tokens) mask.narrow(0, row, 1).narrow(1, token, 1).add_(1);
  }
  const complement = aten.log(aten.rsub.Scalar(logProbability.exp(), 1));
  return pick(logProbability, targets)
    .add(complement.mul(mask).sum([1]).mul(alpha))
    .neg();
}

export function dftOracle({ logits, targets }: OracleInput): Tensor {
  const logProbability = pick(logits.logSoftmax(1), targets);
  return logProbability.detach().exp().mul(logProbability).neg();
}

export interface OtrOracleOptions {
  readonly kappa: number;
  readonly beta: number;
  readonly baseline: "none" | "rloo" | "value";
  readonly correction: boolean;
  readonly values: Tensor;
}

/** -(1/K) sum_j w_j A_j log pi(a_j), the advantages computed sample by sample. */
export function sampledOtrOracle(
  { logits, targets }: OracleInput,
  samples: Tensor,
  { kappa, beta, baseline, correction, values }: OtrOracleOptions,
): Tensor {
  const count = samples.shape[1];
  const logProbability = logits.logSoftmax(1).gather(1, samples);
  const reward = samples
    .eq(targets.unsqueeze(1))
    .to(logits.dtype)
    .mul(1 - beta)
    .add(beta);
  const others = reward
    .sum([1], true)
    .sub(reward)
    .div(count - 1);
  let advantage = reward;
  if (baseline === "rloo") advantage = reward.sub(others);
  if (baseline === "value") advantage = reward.sub(values.unsqueeze(1));
  if (correction) {
    const exploration = logits.detach().div(kappa).softmax(1).gather(1, samples);
    advantage = advantage.mul(logProbability.detach().exp().div(exploration));
  }
  return advantage.mul(logProbability).mean([1]).neg();
}

/** -sum_a q_a w_a A_a log pi_a, summed over the whole vocabulary. */
export function exactOtrOracle(
  { logits, targets }: OracleInput,
  { kappa, beta, baseline, correction, values }: OtrOracleOptions,
): Tensor {
  const exploration = logits.detach().div(kappa).softmax(1);
  const reward = aten
    .one_hot(targets, logits.shape[1])
    .to(logits.dtype)
    .mul(1 - beta)
    .add(beta);
  let advantage = reward;
  if (baseline === "rloo") advantage = reward.sub(exploration.mul(reward).sum([1], true));
  if (baseline === "value") advantage = reward.sub(values.unsqueeze(1));
  const measure = correction ? logits.detach().softmax(1) : exploration;
  return measure.mul(advantage).mul(logits.logSoftmax(1)).sum([1]).neg();
}

/** The losses and d(sum_i weights_i loss_i) / d logits, by autograd. */
export function differentiate(
  logits: Tensor,
  weights: Tensor,
  losses: (leaf: Tensor) => Tensor,
): { losses: Tensor; gradient: Tensor } {
  const leaf = logits.detach().clone();
  leaf.requiresGrad = true;
  const result = losses(leaf);
  result.mul(weights).sum().backward();
  return { losses: result.detach(), gradient: leaf.grad! };
}
