/** @file The forward pass that training and generation share: everything but how a token attends to others. */
import { aten, type DType, type Tensor } from "@one-token/torch";
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
 * Each layer is `x + attention(norm(x))`, then `x + down(silu(gate(norm(x))) * up(norm(x)))`. Norms and rotation
 * angles are computed in float32 inside, whatever `dtype` is.
 */
export function runDecoder(
  spec: DecoderSpec,
  weights: DecoderWeights,
  { inputIds, positions }: DecoderInput,
  dtype: DType,
  attend: Attend,
): Tensor {
  const rotary = rotaryTables(inverseFrequencies(spec.rope, spec.headDim), positions, dtype);
  let hidden = aten.embedding(weights.embedding, inputIds, spec.padTokenId ?? -1).to(dtype);
  for (const [index, layer] of weights.layers.entries()) {
    const attended = selfAttention(spec, layer, index, hidden, rotary, attend);
    hidden = hidden.add(attended);
    hidden = hidden.add(feedForward(layer, rmsNorm(hidden, layer.postAttentionNorm, spec.normEps)));
  }
  return rmsNorm(hidden, weights.finalNorm, spec.normEps);
}

function selfAttention(
  spec: DecoderSpec,
  layer: LayerWeights,
  index: number,
  hidden: Tensor,
  rotary: RotaryTables,
  attend: Attend,
): Tensor {
  const normed = rmsNorm(hidden, layer.inputNorm, spec.normEps);
  const heads = (weights: LinearWeights, count: number, norm: Tensor | null) => {
    const projected = linear(normed, weights).view([-1, count, spec.headDim]);
    return norm ? rmsNorm(projected, norm, spec.normEps) : projected;
  };
  const query = rotate(heads(layer.query, spec.numHeads, layer.queryNorm), rotary);
  const key = rotate(heads(layer.key, spec.numKeyValueHeads, layer.keyNorm), rotary);
  const value = heads(layer.value, spec.numKeyValueHeads, null);
  return linear(attend(index, query, key, value), layer.attentionOutput);
}

function feedForward(layer: LayerWeights, normed: Tensor): Tensor {
  const gated = aten.silu(linear(normed, layer.gate)).mul(linear(normed, layer.up));
  return linear(gated, layer.down);
}

function linear(input: Tensor, { weight, bias }: LinearWeights): Tensor {
  return aten.linear(input, weight, bias);
}

function rmsNorm(input: Tensor, weight: Tensor, eps: number): Tensor {
  return aten.rms_norm(input, weight.shape, weight, eps);
}
