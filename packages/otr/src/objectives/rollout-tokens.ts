import { type Tensor, tensor } from "@one-token/torch";

/** What is known of N tokens that a model wrote. */
export interface RolloutTokens {
  /** A, `(N)`: how much better the completion was than others of its prompt; the same for all its tokens. */
  readonly advantages: Tensor;
  /** log pi when the tokens were written, `(N)`; null: the policy is still the one that wrote them. */
  readonly oldLogProbability: Tensor | null;
  /** log pi of the reference model, `(N)`; null: there is none. */
  readonly referenceLogProbability: Tensor | null;
  /** Those of the positions start .. start + length - 1. */
  narrow(start: number, length: number): RolloutTokens;
}

/** {@link RolloutTokens} of plain numbers, each array `(N)`. */
export function rolloutTokens(
  numbers: {
    readonly advantages: Float64Array;
    readonly oldLogProbability: Float64Array | null;
    readonly referenceLogProbability: Float64Array | null;
  },
  device = "cpu",
): RolloutTokens {
  const onDevice = (values: Float64Array) => tensor(values, { dtype: "float64", device });
  const { advantages, oldLogProbability: old, referenceLogProbability: reference } = numbers;
  return tokensOf(onDevice(advantages), old && onDevice(old), reference && onDevice(reference));
}

const tokensOf = (advantages: Tensor, old: Tensor | null, reference: Tensor | null): RolloutTokens => ({
  advantages,
  oldLogProbability: old,
  referenceLogProbability: reference,
  narrow: (start, length) =>
    tokensOf(
      advantages.narrow(0, start, length),
      old?.narrow(0, start, length) ?? null,
      reference?.narrow(0, start, length) ?? null,
    ),
});
