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

/**
 * Hidden states `(T, D)` in `dtype` after the final norm.
 *
 * Each layer is `x + attention(norm(x))`, then `x + down(silu(gate(norm(x))) * up(norm(x)))`. Norms, rotations and
 * activations are computed in float32 inside, whatever `dtype` is.
 */
export function runDecoder(
  spec: DecoderSpec,
  weights: DecoderWeights,
  { inputIds, positions }: DecoderInput,
  dtype: DType,
  attend: Attend,
): Tensor {
  const rotary = rotaryTables(inverseFrequencies(spec.rope, spec.headDim), positions);
  const inputNorm = (layer: number) => weights.layers[layer]?.inputNorm ?? weights.finalNorm;
  let state = scope(() => {
    const hidden = embed(weights, inputIds, spec.padTokenId ?? -1, dtype);
    return { hidden, normed: kernels.rms_norm(hidden, inputNorm(0), spec.normEps) };
  });
  for (const [index, layer] of weights.layers.entries()) {
    const { hidden, normed } = state;
    // What a layer leaves behind is held by autograd alone, so the backward pass frees it layer by layer.
    state = scope(() => {
      const attended = selfAttention(spec, layer, index, normed, rotary, attend);
      const [between, betweenNormed] = kernels.add_rms_norm(
        hidden,
        attended,
        layer.postAttentionNorm,
        spec.normEps,
      );
      const fed = feedForward(layer, betweenNormed);
      // The sum that ends a layer and the norm that begins the next are one operator.
      const [sum, sumNormed] = kernels.add_rms_norm(between, fed, inputNorm(index + 1), spec.normEps);
      return { hidden: sum, normed: sumNormed };
    });
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
