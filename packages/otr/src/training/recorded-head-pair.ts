/** @file The pair of low-rank matrices beside the head, between the trunk and the chunks of logits. */
import { enableGrad, type Tensor } from "@one-token/torch";
import type { LoraWeights } from "../models/decoder-weights.js";
import { multiply } from "../models/linear.js";
import type { ChunkedHeadOutput, HeadPair } from "../objectives/chunked-head.js";

/** What the chunked head reads of a pair, and the way back. */
export interface RecordedHeadPair extends HeadPair {
  /** Adds the gradients of both matrices into their `grad`; returns that of the hidden states, `(T, D)`. */
  backward(gradients: NonNullable<ChunkedHeadOutput["pairGradient"]>): Tensor;
}

/**
 * The first half of a pair, over hidden states `(T, D)` of which those at `index` `(N)` are used. It sees all of them, because
 * the masks of dropout are those of all tokens.
 */
export function recordHeadPair(
  { down, up, scale, dropout }: LoraWeights,
  hidden: Tensor,
  index: Tensor,
): RecordedHeadPair {
  const leaf = hidden.detach();
  leaf.requiresGrad = true;
  const narrowed = enableGrad(() =>
    multiply(dropout?.(leaf) ?? leaf, down)
      .mul(scale)
      .indexSelect(0, index),
  );
  return {
    input: narrowed.detach(),
    weight: up.weight,
    weightGradient: up.parameter?.grad ?? null,
    backward({ input, weight }) {
      if (up.parameter) up.parameter.grad = weight;
      narrowed.backward(input);
      return leaf.grad!;
    },
  };
}
