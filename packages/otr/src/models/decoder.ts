/** @file The forward pass that training and generation share: everything but how a token attends to others. */
import { aten, type DType, kernels, scope, type Tensor } from "@one-token/torch";
import type { DecoderSpec } from "./decoder-spec.js";
import type { DecoderWeights, LayerWeights, LinearWeights } from "./decoder-weights.js";
import { inverseFrequencies, type RotaryTables, rotaryTables, rotate } from "./rotary.js";

/**
 * How the tokens of layer number `layer` attend: rotated queries `(T, H, headDim)`, rotated keys and values
 * `(T, KV, headDim)` in, `(T, H * headDim)` out.
 */
export type Attend = (layer: number, query: Tensor, key: Tensor, value: Tensor) => Tensor;

/** The tokens to compute, of however many rows. */
export interface DecoderInput {
  /** `(T) int64` */
  readonly inputIds: Tensor;
  /** `(T) int64`, each token's position in its row. */
  readonly positions: Tensor;
}

/** What one layer hands to the next, both `(T, D)`. */
export interface DecoderState {
  /** The sum of the embedding and of everything that the layers so far have added. */
  readonly hidden: Tensor;
  /** Its norm, by the weight of the layer that reads it. */
  readonly normed: Tensor;
}

/** A forward pass in the pieces that it is made of: `embed`, then each of `layers`. */
export interface DecoderPass {
  embed(): DecoderState;
  readonly layers: readonly ((state: DecoderState) => DecoderState)[];
  /** The norm that layer number `layer` reads `hidden` through; after the last layer, the final one. */
  norm(hidden: Tensor, layer: number): Tensor;
}

/**
 * The pieces of a forward pass in `dtype`.
 *
 * Each layer is `x + attention(norm(x))`, then `x + down(silu(gate(norm(x))) * up(norm(x)))`. Norms, rotations and
 * activations are computed in float32 inside, whatever `dtype` is.
 */
export function decoderPass(
  spec: DecoderSpec,
  weights: DecoderWeights,
  { inputIds, positions }: DecoderInput,
  dtype: DType,
  attend: Attend,
): DecoderPass {
  const rotary = rotaryTables(inverseFrequencies(spec.rope, spec.headDim), positions);
  const normWeight = (layer: number) => weights.layers[layer]?.inputNorm ?? weights.finalNorm;
  const norm = (hidden: Tensor, layer: number) => kernels.rms_norm(hidden, normWeight(layer), spec.normEps);
  const addAndNorm = (hidden: Tensor, addend: Tensor, weight: Tensor): DecoderState => {
    const [sum, normed] = kernels.add_rms_norm(hidden, addend, weight, spec.normEps);
    return { hidden: sum, normed };
  };
  return {
    embed() {
      const hidden = embed(weights, inputIds, spec.padTokenId ?? -1, dtype);
      return { hidden, normed: norm(hidden, 0) };
    },
    layers: weights.layers.map((layer, index) => ({ hidden, normed }) => {
      const attended = selfAttention(spec, layer, index, normed, rotary, attend);
      const between = addAndNorm(hidden, attended, layer.postAttentionNorm);
      const fed = feedForward(layer, between.normed);
      // The sum that ends a layer and the norm that begins the next are one operator.
      return addAndNorm(between.hidden, fed, normWeight(index + 1));
    }),
    norm,
  };
}

/** Hidden states `(T, D)` after the final norm. */
export function runDecoder(pass: DecoderPass): Tensor {
  let state = scope(() => pass.embed());
  for (const layer of pass.layers) {
    const { hidden, normed } = state;
    // What a layer leaves behind is held by autograd alone, so the backward pass frees it layer by layer.
    state = scope(() => layer({ hidden, normed }));
    hidden.dispose();
    normed.dispose();
  }
  return state.normed;
}

function selfAttention(
  spec: DecoderSpec,
  layer: LayerWeights,
  index: number,
  normed: Tensor,
  rotary: RotaryTables,
  attend: Attend,
): Tensor {
  const heads = (weights: LinearWeights, count: number) =>
    linear(normed, weights).view([-1, count, spec.headDim]);
  const headNorm = (weight: Tensor | null) => weight && { weight, eps: spec.normEps };
  const query = rotate(heads(layer.query, spec.numHeads), rotary, headNorm(layer.queryNorm));
  const key = rotate(heads(layer.key, spec.numKeyValueHeads), rotary, headNorm(layer.keyNorm));
  const value = heads(layer.value, spec.numKeyValueHeads);
  return linear(attend(index, query, key, value), layer.attentionOutput);
}

function feedForward(layer: LayerWeights, normed: Tensor): Tensor {
  return linear(kernels.swiglu(linear(normed, layer.gate), linear(normed, layer.up)), layer.down);
}

function embed(weights: DecoderWeights, inputIds: Tensor, padding: number, dtype: DType): Tensor {
  const { embedding, embeddingAccumulates } = weights;
  return embeddingAccumulates
    ? kernels.embedding(embedding, inputIds, { dtype, padding_index: padding })
    : aten.embedding(embedding, inputIds, padding).to(dtype);
}

function linear(input: Tensor, { weight, bias, parameter }: LinearWeights): Tensor {
  if (parameter === null) return aten.linear(input, weight, bias);
  const output = kernels.linear(input, weight, parameter);
  return bias ? output.add(bias) : output;
}
