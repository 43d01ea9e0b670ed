/** @file The forward pass that training and generation share: everything but how a token attends to others. */
import { aten, type DType, full, kernels, scope, type Tensor } from "@one-token/torch";
import type { DecoderSpec } from "./decoder-spec.js";
import type { DecoderWeights, EmbeddingPair, FeedForwardWeights, LayerWeights } from "./decoder-weights.js";
import { linear, multiply, project } from "./linear.js";
import { mixtureOfExperts } from "./mixture-of-experts.js";
import type { RopeParameters } from "./rope-parameters.js";
import { type RotaryTables, type RowSpan, rotaryTables, rotate } from "./rotary.js";

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
  /** The rows that they belong to, in order. */
  readonly spans: readonly RowSpan[];
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
 * Each layer is `x + attention(norm(x))`, then `x + down(act(gate(norm(x))) * up(norm(x)))`, with the norms where
 * `spec.norms` has them. Norms, rotations and activations are computed in float32 inside, whatever `dtype` is.
 */
export function decoderPass(
  spec: DecoderSpec,
  weights: DecoderWeights,
  { inputIds, positions, spans }: DecoderInput,
  dtype: DType,
  attend: Attend,
): DecoderPass {
  const rotaries = rotariesOf(spec, positions, spans);
  const inputNorm = (layer: number): Tensor | null =>
    layer < weights.layers.length ? weights.layers[layer]!.attentionInputNorm : weights.finalNorm;
  const norm = (hidden: Tensor, layer: number) => normalise(spec, hidden, inputNorm(layer));
  const scaled = (addend: Tensor) => (spec.residualScale === 1 ? addend : addend.mul(spec.residualScale));
  // The sum that ends one half and the norm that begins the next are one operator.
  const addAndNorm = (hidden: Tensor, addend: Tensor, weight: Tensor | null): DecoderState => {
    if (weight === null) {
      const sum = hidden.add(addend);
      return { hidden: sum, normed: alias(sum) };
    }
    const [sum, normed] = kernels.add_rms_norm(hidden, addend, weight, spec.normEps);
    return { hidden: sum, normed };
  };
  return {
    embed() {
      const hidden = embed(spec, weights, inputIds, dtype);
      return { hidden, normed: norm(hidden, 0) };
    },
    layers: weights.layers.map((layer, index, { length }) => ({ hidden, normed }) => {
      const output = selfAttention(spec, layer, index, normed, rotaries[index]!, attend);
      const attended = normalise(spec, output, layer.attentionOutputNorm);
      const between = addAndNorm(hidden, scaled(attended), layer.feedForwardInputNorm);
      const fed = normalise(spec, feed(spec, layer, index, between.normed), layer.feedForwardOutputNorm);
      const state = addAndNorm(between.hidden, scaled(fed), inputNorm(index + 1));
      // The head is linear, so what multiplies its logits may as well multiply what it reads.
      const isScaled = index === length - 1 && spec.logitScale !== 1;
      return isScaled ? { ...state, normed: state.normed.mul(spec.logitScale) } : state;
    }),
    norm,
  };
}

/** Normalised where there is a norm, else as it is. */
function normalise(spec: DecoderSpec, hidden: Tensor, weight: Tensor | null): Tensor {
  return weight === null ? alias(hidden) : kernels.rms_norm(hidden, weight, spec.normEps);
}

/** The same numbers as a tensor of its own, to be freed and back-propagated by itself. */
const alias = (tensor: Tensor): Tensor => aten.alias(tensor);

/** Hidden states `(T, D)` after the final norm, times `logitScale`. */
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

/** The rotation of each layer; layers that rotate alike share their tables. */
function rotariesOf(
  spec: DecoderSpec,
  positions: Tensor,
  spans: readonly RowSpan[],
): (RotaryTables | null)[] {
  const tables = new Map<RopeParameters, RotaryTables>();
  return spec.layers.map(({ rope }) => {
    if (rope === null) return null;
    const made = tables.get(rope) ?? rotaryTables(rope, spec.rotaryDim, positions, spans);
    tables.set(rope, made);
    return made;
  });
}

function selfAttention(
  spec: DecoderSpec,
  layer: LayerWeights,
  index: number,
  normed: Tensor,
  rotary: RotaryTables | null,
  attend: Attend,
): Tensor {
  const { numHeads, numKeyValueHeads, headDim } = spec;
  const counts = [numHeads, numKeyValueHeads, numKeyValueHeads];
  const [query, key, value] = project(
    normed,
    layer.queryKeyValue,
    counts.map((count) => count * headDim),
  ) as [Tensor, Tensor, Tensor];
  const turned = (projected: Tensor, count: number, weight: Tensor | null) => {
    const isWhole = spec.queryKeyNorm === "all heads";
    const wide = isWhole ? normalise(spec, projected, weight) : projected;
    const heads = wide.view([-1, count, headDim]);
    return rotate(heads, rotary, isWhole || weight === null ? null : { weight, eps: spec.normEps });
  };
  const attended = attend(
    index,
    turned(query, numHeads, layer.queryNorm),
    turned(key, numKeyValueHeads, layer.keyNorm),
    value.view([-1, numKeyValueHeads, headDim]),
  );
  return linear(attended, layer.attentionOutput);
}

function feed(
  spec: DecoderSpec,
  { feedForward: weights }: LayerWeights,
  index: number,
  normed: Tensor,
): Tensor {
  if (!("experts" in weights)) return feedForward(spec, weights, spec.intermediateSize, normed);
  const mixture = spec.layers[index]!.mixture!;
  return mixtureOfExperts(normed, weights.router, mixture, (expert, tokens) =>
    feedForward(spec, weights.experts[expert]!, mixture.intermediateSize, tokens),
  );
}

function feedForward(
  spec: DecoderSpec,
  { gateUp, down }: FeedForwardWeights,
  intermediateSize: number,
  input: Tensor,
): Tensor {
  const [gate, up] = project(input, gateUp, [intermediateSize, intermediateSize]) as [Tensor, Tensor];
  return linear(spec.activation === "silu" ? kernels.swiglu(gate, up) : kernels.geglu(gate, up), down);
}

function embed(spec: DecoderSpec, weights: DecoderWeights, inputIds: Tensor, dtype: DType): Tensor {
  const { embedding, embeddingAccumulates, embeddingPair } = weights;
  const padding = spec.padTokenId ?? -1;
  const stored = embeddingAccumulates
    ? kernels.embedding(embedding, inputIds, { dtype, padding_index: padding })
    : aten.embedding(embedding, inputIds, padding).to(dtype);
  const embedded = embeddingPair
    ? stored.add(embeddedByPair(embeddingPair, inputIds, padding, dtype))
    : stored;
  if (spec.embeddingScale === 1) return embedded;
  // Rounded to the dtype first, as transformers has it.
  return embedded.mul(full([], spec.embeddingScale, { dtype, device: embedded.device }));
}

/** `(T, D)` */
function embeddedByPair(
  { down, up, scale }: EmbeddingPair,
  inputIds: Tensor,
  padding: number,
  dtype: DType,
): Tensor {
  return multiply(aten.embedding(down.t(), inputIds, padding).to(dtype), up).mul(scale);
}
