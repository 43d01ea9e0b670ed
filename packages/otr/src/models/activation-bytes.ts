/**
 * @file How much memory the forward and backward pass of a decoder take: what `decoder.ts` and its operators hold, counted.
 * The operators' own comments say what each keeps for its backward pass.
 */
import type { DecoderSpec } from "./decoder-spec.js";
import type { LoraAdapter } from "./lora-adapter.js";

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

/**
 * Bytes of the activations of one micro-batch.
 *
 * @param adapter what is trained beside frozen weights, which need no inputs for gradients of their own; null: all is trained
 */
export function activationBytes(
  spec: DecoderSpec,
  size: ActivationSize,
  adapter: Pick<LoraAdapter, "config" | "layout"> | null = null,
): ActivationBytes {
  const { tokens, itemSize } = size;
  const hidden = tokens * spec.hiddenSize * itemSize;
  const query = tokens * spec.numHeads * spec.headDim * itemSize;
  const key = tokens * spec.numKeyValueHeads * spec.headDim * itemSize;
  const value = key;
  // Layers may differ: the widest is counted for each. Of a mixture a token passes some experts.
  const innerSizes = spec.layers.map(({ mixture }) =>
    mixture ? mixture.expertsPerToken * mixture.intermediateSize : spec.intermediateSize,
  );
  const inner = tokens * Math.max(...innerSizes) * itemSize;
  const perTokenExperts = Math.max(...spec.layers.map(({ mixture }) => mixture?.expertsPerToken ?? 0));
  const perToken = tokens * WIDE;
  const perHead = tokens * spec.numHeads * WIDE;
  const perKeyHead = tokens * spec.numKeyValueHeads * WIDE;

  const { attentionInput, feedForwardInput, attentionOutput, feedForwardOutput } = spec.norms;
  const count = (...names: (string | null)[]) => names.filter((name) => name !== null).length;
  // Query and key norm keep what they read, and one number for each head or token.
  const numbers = spec.queryKeyNorm === "head" ? perHead + perKeyHead : 2 * perToken;
  const headNorms = spec.queryKeyNorm === "none" ? 0 : query + key + numbers;
  // Rotated query and key, value, result and the logarithm of the sums. Of fused projections the value is a part, and what
  // keeps a part keeps the whole.
  const attention = query + key + value + query + perHead + (spec.fusedProjections ? query + key : 0);
  const pairs = adapter === null ? null : pairBytes(spec, adapter, size);
  const keeps = (...modules: string[]) =>
    pairs === null || modules.some((module) => pairs.readers.has(module));
  // Each half's sum; its norm, which the next multiplications read, and one number a token.
  const norms =
    (attentionInput !== null && keeps("q_proj", "k_proj", "v_proj", "qkv_proj") ? hidden : 0) +
    (feedForwardInput !== null && keeps("gate_proj", "up_proj", "gate_up_proj", "w1", "w3") ? hidden : 0);
  const sums = 2 * hidden + count(attentionInput, feedForwardInput) * perToken + norms;
  // The norm of what is added keeps that.
  const outputNorms = count(attentionOutput, feedForwardOutput) * (hidden + perToken);
  // Gate and up for the gated activation, its result for the multiplication behind it.
  // A mixture lays its tokens side by side expert by expert, and keeps what comes out, by itself and weighted.
  const feedForward = (keeps("down_proj", "w2") ? 3 : 2) * inner + 3 * perTokenExperts * hidden;
  const layer = headNorms + attention + feedForward + sums + outputNorms + (pairs?.bytes ?? 0);

  const tables = 3 * tokens * (spec.rotaryDim / 2) * WIDE + perToken;
  return {
    base: tables + 2 * tokens * INDEX + 2 * hidden + perToken,
    layer,
    layerInput: hidden,
    // Query and key before rotation, and what is added to the sums.
    layerForward: layer + (spec.queryKeyNorm === "none" ? query + key : 0) + 2 * hidden,
    // In the gated activation: the gradients of its result, which has been let go, of gate and of up, and that of the last sum.
    layerBackward: 2 * inner + hidden,
  };
}

/** What the pairs of an adapter keep in one layer, and which modules read their input as it is. */
function pairBytes(
  spec: DecoderSpec,
  { config, layout }: Pick<LoraAdapter, "config" | "layout">,
  { tokens, itemSize }: ActivationSize,
): { bytes: number; readers: ReadonlySet<string> } {
  const perToken = new Map<string, number>();
  // The layers of a model that have a mixture have the same.
  const mixture = spec.layers.find((each) => each.mixture)?.mixture;
  // Those beside embedding and head keep r numbers a token, once.
  const targets = layout.targets.filter(({ kind }) => kind === "projection" || kind === "expert");
  for (const { module, kind, inputs, outputs, rank } of targets) {
    const layer = module.split(".")[2]!;
    // DoRA keeps what it scales: the sum of both products, and with dropout the frozen product of what is left.
    const scaled = config.useDora ? (config.dropout > 0 ? 2 : 1) * outputs : 0;
    const kept = rank + scaled + (config.dropout > 0 ? inputs : 0);
    const passed = kind === "expert" && mixture ? mixture.expertsPerToken / mixture.experts : 1;
    perToken.set(layer, (perToken.get(layer) ?? 0) + kept * passed);
  }
  const ends = targets.map(({ module }) => module.split(".").at(-1)!);
  return {
    bytes: tokens * itemSize * Math.max(0, ...perToken.values()),
    readers: new Set(config.dropout > 0 ? [] : ends),
  };
}
