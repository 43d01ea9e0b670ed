/** @file What the shared decoder computes, as data: a model family turns its `config.json` into one of these. */
import { formatValue } from "../config/format-value.js";
import { configInvalid, type ModelConfig } from "./model-config.js";
import type { RopeParameters } from "./rope-parameters.js";

/** A feed-forward network of many experts, of which each token passes some (Mixtral, arXiv 2401.04088). */
export interface MixtureSpec {
  readonly experts: number;
  /** Experts that a token passes. */
  readonly expertsPerToken: number;
  readonly intermediateSize: number;
  /** Whether the weights of the chosen experts are divided by their sum. */
  readonly isNormalised: boolean;
  /** Names below the layer's, as checkpoints have them. */
  readonly names: {
    readonly router: string;
    /** Followed by the number of the expert. */
    readonly expert: string;
    readonly gate: string;
    readonly up: string;
    readonly down: string;
  };
}

/** What sets one layer apart from the others. */
export interface LayerSpec {
  /** How many tokens a query sees, itself included; 0: all up to itself. */
  readonly window: number;
  /** null: neither queries nor keys are rotated. */
  readonly rope: RopeParameters | null;
  /** Absent: the layer has one feed-forward network, which all tokens pass. */
  readonly mixture?: MixtureSpec;
}

/** The names of a layer's norms, each with what it normalises; null: there is none. */
export interface NormNames {
  readonly attentionInput: string | null;
  readonly attentionOutput: string | null;
  readonly feedForwardInput: string | null;
  readonly feedForwardOutput: string | null;
}

/** Llama's: each half of a layer normalises what it reads. */
export const INPUT_NORMS: NormNames = {
  attentionInput: "input_layernorm",
  attentionOutput: null,
  feedForwardInput: "post_attention_layernorm",
  feedForwardOutput: null,
};

/** Gemma 2's: each half normalises what it reads and what it adds. */
export const INPUT_AND_OUTPUT_NORMS: NormNames = {
  attentionInput: "input_layernorm",
  attentionOutput: "post_attention_layernorm",
  feedForwardInput: "pre_feedforward_layernorm",
  feedForwardOutput: "post_feedforward_layernorm",
};

/** OLMo 2's: each half normalises what it adds. */
export const OUTPUT_NORMS: NormNames = {
  attentionInput: null,
  attentionOutput: "post_attention_layernorm",
  feedForwardInput: null,
  feedForwardOutput: "post_feedforward_layernorm",
};

/** A decoder of RMSNorm, rotary embeddings, grouped-query attention and a gated feed-forward network. */
export interface DecoderSpec {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: readonly LayerSpec[];
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  /** The elements of a head that are rotated, from its first one on; the others stay as they are. */
  readonly rotaryDim: number;
  /** Whether query, key and value are one matrix, and gate and up another (Phi 3). */
  readonly fusedProjections: boolean;
  /** Whether the query, key and value projections add a bias. */
  readonly queryKeyValueBias: boolean;
  /** Whether the attention's output projection adds a bias. */
  readonly attentionOutputBias: boolean;
  readonly mlpBias: boolean;
  /** Whether queries and keys pass an RMSNorm before they are rotated: over each head, or over all heads together. */
  readonly queryKeyNorm: "none" | "head" | "all heads";
  /** What the products of queries and keys are multiplied by. */
  readonly attentionScale: number;
  /** c of the soft cap c tanh(z / c) on the scaled products z of queries and keys; 0: none. */
  readonly attentionSoftcap: number;
  readonly activation: "silu" | "gelu_tanh";
  readonly norms: NormNames;
  readonly normEps: number;
  /** What is added to the stored weight of a norm: 1 where weights are stored as their distance from 1 (Gemma). */
  readonly normOffset: 0 | 1;
  /** What embeddings are multiplied by. */
  readonly embeddingScale: number;
  /** What each half of a layer is multiplied by before it is added. */
  readonly residualScale: number;
  /** What logits are multiplied by, before the soft cap. */
  readonly logitScale: number;
  /** c of the soft cap c tanh(z / c) on the logits z; 0: none. */
  readonly logitSoftcap: number;
  /** Whether the language-model head is the token embedding. */
  readonly tiedEmbeddings: boolean;
  /** Longest sequence in tokens, prompt and continuation together. */
  readonly maxPositionEmbeddings: number;
  /** The token whose embedding receives no gradient from the input side, as `nn.Embedding(padding_idx)`. */
  readonly padTokenId: number | null;
  /** Standard deviation of freshly initialised matrices. */
  readonly initializerRange: number;
}

/** A model family: everything that its `model_type` stands for. */
export interface ModelFamily {
  /** `model_type` in `config.json`. */
  readonly modelType: string;
  /** The class name that `architectures` in `config.json` carries. */
  readonly architecture: string;
  /** @throws {DataError} `MODEL_CONFIG_INVALID` when the configuration asks for what the decoder cannot compute. */
  decoderSpec(config: ModelConfig): DecoderSpec;
}

/**
 * The part of a spec that most families read from the same fields; each adds or replaces the rest.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID` for an activation that is not among those of {@link DecoderSpec}, and for
 *   rotations that do not fit a head
 */
export function commonSpec(config: ModelConfig): DecoderSpec {
  const headDim = config.headDim ?? config.hiddenSize / config.numAttentionHeads;
  const rotaryDim = rotatedElements(config, headDim);
  return {
    vocabSize: config.vocabSize,
    hiddenSize: config.hiddenSize,
    intermediateSize: config.intermediateSize,
    layers: Array.from({ length: config.numHiddenLayers }, () => ({ window: 0, rope: config.rope })),
    numHeads: config.numAttentionHeads,
    numKeyValueHeads: config.numKeyValueHeads,
    headDim,
    rotaryDim,
    fusedProjections: false,
    queryKeyValueBias: false,
    attentionOutputBias: false,
    mlpBias: false,
    queryKeyNorm: "none",
    attentionScale: headDim ** -0.5,
    attentionSoftcap: 0,
    activation: activationOf(config),
    norms: INPUT_NORMS,
    normEps: config.rmsNormEps,
    normOffset: 0,
    embeddingScale: 1,
    residualScale: 1,
    logitScale: 1,
    logitSoftcap: 0,
    tiedEmbeddings: config.tieWordEmbeddings ?? false,
    maxPositionEmbeddings: contextLength(config),
    padTokenId: isTokenOf(config.vocabSize, config.padTokenId) ? config.padTokenId : null,
    initializerRange: config.initializerRange,
  };
}

/** The rotation of `dynamic` reaches as many times further as its factor says; the other types are made for what is declared. */
const contextLength = ({ rope, maxPositionEmbeddings }: ModelConfig): number =>
  rope.type === "dynamic"
    ? Math.floor(Math.max(1, rope.factor) * maxPositionEmbeddings)
    : maxPositionEmbeddings;

/** How many elements of a head are rotated: an even number, for which there are enough factors where planes have their own. */
function rotatedElements({ source, partialRotaryFactor, rope }: ModelConfig, headDim: number): number {
  const elements = Math.floor(headDim * partialRotaryFactor);
  if (elements % 2 !== 0 || elements === 0) {
    throw configInvalid(source, [
      `partial_rotary_factor is ${partialRotaryFactor}, so ${elements} of the ${headDim} elements of a head would be rotated; it must be an even number of them`,
    ]);
  }
  if (rope.type === "longrope") {
    const { shortFactor, longFactor } = rope;
    const counts = { short_factor: shortFactor.length, long_factor: longFactor.length };
    const wrong = Object.entries(counts).filter(([, count]) => count !== elements / 2);
    if (wrong.length > 0) {
      throw configInvalid(
        source,
        wrong.map(
          ([name, count]) =>
            `rotary embedding settings: ${name} has ${count} numbers for ${elements / 2} planes of rotation`,
        ),
      );
    }
  }
  return elements;
}

const ACTIVATIONS: Readonly<Record<string, DecoderSpec["activation"]>> = {
  silu: "silu",
  swish: "silu",
  gelu_pytorch_tanh: "gelu_tanh",
};

function activationOf(config: ModelConfig): DecoderSpec["activation"] {
  const activation = ACTIVATIONS[config.hiddenActivation ?? "silu"];
  if (activation) return activation;
  throw configInvalid(config.source, [
    `the activation is ${formatValue(config.hiddenActivation)}; supported are ${Object.keys(ACTIVATIONS).join(", ")}`,
  ]);
}

/** Some published files give -1 or an id beyond the vocabulary where they mean that there is no padding token. */
const isTokenOf = (vocabSize: number, id: number | null) => id !== null && id >= 0 && id < vocabSize;
