/** @file What the shared decoder computes, as data: a model family turns its `config.json` into one of these. */
import type { ModelConfig } from "./model-config.js";
import type { RopeParameters } from "./rope-parameters.js";

/** A pre-norm decoder of the Llama kind: RMSNorm, rotary embeddings, grouped-query attention, SwiGLU. */
export interface DecoderSpec {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  /** Whether the query, key and value projections add a bias. */
  readonly queryKeyValueBias: boolean;
  /** Whether the attention's output projection adds a bias. */
  readonly attentionOutputBias: boolean;
  readonly mlpBias: boolean;
  /** Whether queries and keys pass an RMSNorm over each head before they are rotated. */
  readonly queryKeyNorm: boolean;
  readonly normEps: number;
  readonly rope: RopeParameters;
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

/** The part of a spec that every family reads from the same fields; families add or replace the rest. */
export function commonSpec(config: ModelConfig): DecoderSpec {
  return {
    vocabSize: config.vocabSize,
    hiddenSize: config.hiddenSize,
    intermediateSize: config.intermediateSize,
    numLayers: config.numHiddenLayers,
    numHeads: config.numAttentionHeads,
    numKeyValueHeads: config.numKeyValueHeads,
    headDim: config.headDim ?? config.hiddenSize / config.numAttentionHeads,
    queryKeyValueBias: false,
    attentionOutputBias: false,
    mlpBias: false,
    queryKeyNorm: false,
    normEps: config.rmsNormEps,
    rope: config.rope,
    tiedEmbeddings: config.tieWordEmbeddings,
    maxPositionEmbeddings: config.maxPositionEmbeddings,
    padTokenId: isTokenOf(config.vocabSize, config.padTokenId) ? config.padTokenId : null,
    initializerRange: config.initializerRange,
  };
}

/** Some published files give -1 or an id beyond the vocabulary where they mean that there is no padding token. */
const isTokenOf = (vocabSize: number, id: number | null) => id !== null && id >= 0 && id < vocabSize;
