import { aten, type Tensor } from "@one-token/torch";

/**
 * The policy at N positions: pi = softmax(logits), in the forms that the objectives read.
 *
 * Everything is taken relative to each row's largest logit, so that log-probabilities keep their digits where
 * the logits themselves are large. Logits must be finite.
 */
export class TokenDistribution {
  /** Logits minus their row's maximum, `(N, V)`; lies in the memory of the logits given. */
  readonly shifted: Tensor;
  /** log sum_a exp(shifted_a), `(N, 1)`, never negative. */
  readonly logNormalizer: Tensor;
  /** pi, `(N, V)`. */
  readonly probabilities: Tensor;
  /** H(pi) in nats, `(N)`. */
  readonly entropy: Tensor;
  /** The most probable token, `(N, 1) int64`. */
  readonly mode: Tensor;

  /** @param logits `(N, V)` float32 or float64; overwritten. */
  constructor(logits: Tensor) {
    const [maximum, mode] = aten.max.dim(logits, 1, true);
    this.mode = mode;
    this.shifted = logits.sub_(maximum);
    this.probabilities = aten.exp(this.shifted);
    const normalizer = this.probabilities.sum([1], true);
    this.probabilities.div_(normalizer);
    this.logNormalizer = normalizer.log();
    this.entropy = this.crossEntropy(this.probabilities);
  }

  /** log pi of some tokens of each row: tokens `(N, K) int64` to `(N, K)`. */
  logProbability(tokens: Tensor): Tensor {
    return this.shifted.gather(1, tokens).sub(this.logNormalizer);
  }

  /** -sum_a measure_a log pi_a for each row of a measure `(N, V)` whose rows sum to one: `(N)`. */
  crossEntropy(measure: Tensor): Tensor {
    // A batched product of rows with columns sums without an (N, V) intermediate.
    const dot = aten.bmm(measure.unsqueeze(1), this.shifted.unsqueeze(2)).view([-1]);
    return this.logNormalizer.squeeze(1).sub(dot);
  }

  /** exp(shifted / temperature), `(N, V)`: pi at another temperature, not normalised. */
  tempered(temperature: number): Tensor {
    return aten.exp_(this.shifted.div(temperature));
  }
}
