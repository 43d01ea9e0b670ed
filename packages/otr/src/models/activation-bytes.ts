/**
 * @file How much memory the forward and backward pass of a decoder take: what `decoder.ts` and its operators hold, counted.
 * The operators' own comments say what each keeps for its backward pass.
 */
import type { DecoderSpec } from "./decoder-spec.js";

/** The tokens of a micro-batch, and the dtype that they are computed in. */
export interface ActivationSize {
  readonly tokens: number;
  /** Bytes of a number. */
  readonly itemSize: number;
}

/** Bytes. */
export interface ActivationBytes {
  /** Held as long as the pass: token ids, rotation tables, what comes out of the embedding. */
  readonly base: number;
  /** What autograd keeps of one layer. */
  readonly layer: number;
  /** The input of a layer, all that gradient checkpointing keeps of it. */
  readonly layerInput: number;
  /** Everything that is held while one layer is computed, its results included. */
  readonly layerForward: number;
  /** What the backward pass of a layer holds beside the layer's activations where it holds most. */
  readonly layerBackward: number;
}

/** float32, of norms, rotation tables and the sums of attention. */
const WIDE = 4;
/** int64, of token ids and positions. */
const INDEX = 8;

/** Bytes of the activations of one micro-batch. */
export function activationBytes(spec: DecoderSpec, size: ActivationSize): ActivationBytes {
  const { tokens, itemSize } = size;
  const hidden = tokens * spec.hiddenSize * itemSize;
  const query = tokens * spec.numHeads * spec.headDim * itemSize;
  const key = tokens * spec.numKeyValueHeads * spec.headDim * itemSize;
  const value = key;
  const inner = tokens * spec.intermediateSize * itemSize;
  const perToken = tokens * WIDE;
  const perHead = tokens * spec.numHeads * WIDE;
  const perKeyHead = tokens * spec.numKeyValueHeads * WIDE;

  // Query and key norm keep the heads as they were, and one number for each.
  const headNorms = spec.queryKeyNorm ? query + key + perHead + perKeyHead : 0;
  // Rotated query and key, value, result and the logarithm of the sums.
  const attention = query + key + value + query + perHead;
  // The sum, its norm (which the next multiplications read) and one number a token.
  const addNorm = 2 * hidden + perToken;
  // Gate and up for SwiGLU, its result for the multiplication behind it.
  const feedForward = 3 * inner;
  const layer = headNorms + attention + feedForward + 2 * addNorm;

  const tables = 3 * tokens * (spec.headDim / 2) * WIDE + perToken;
  return {
    base: tables + 2 * tokens * INDEX + 2 * hidden + perToken,
    layer,
    layerInput: hidden,
    // Query and key before rotation, and what is added to the sums.
    layerForward: layer + (spec.queryKeyNorm ? 0 : query + key) + 2 * hidden,
    // In SwiGLU: the gradients of its result, which has been let go, of gate and of up, and that of the last sum.
    layerBackward: 2 * inner + hidden,
  };
}
