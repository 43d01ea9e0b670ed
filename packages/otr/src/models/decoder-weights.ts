/** @file A decoder's parameters by role instead of by name. */
import type { Tensor } from "@one-token/torch";
import type { DecoderSpec, MixtureSpec } from "./decoder-spec.js";
import { embeddingName } from "./parameter-layout.js";
import type { PackedMatrix } from "./packed-matrix.js";
import type { QuantizedMatrix } from "./quantized-matrix.js";

/** A matrix, and the leaf that stands behind it and into whose `grad` its gradient is added; null: by autograd, or none. */
export interface Matrix {
  /** `(outputs, inputs)` */
  readonly weight: Tensor | QuantizedMatrix | PackedMatrix;
  readonly parameter: Tensor | null;
}

/** A pair of low-rank matrices beside a frozen one: `scale up(down(input))` is added to its output. */
export interface LoraWeights {
  /** `(r, inputs)`, PEFT's lora_A */
  readonly down: Matrix & { readonly weight: Tensor };
  /** `(outputs, r)`, PEFT's lora_B */
  readonly up: Matrix & { readonly weight: Tensor };
  readonly scale: number;
  /** `(outputs)` float32, the learned lengths of the rows of the whole (DoRA); null: they follow from the matrices. */
  readonly magnitude: Tensor | null;
  /** What the pair sees of its input; null: all of it. */
  readonly dropout: ((input: Tensor) => Tensor) | null;
}

/** A pair beside the embedding: `scale up(down's column of a token)` is added to the token's row. */
export interface EmbeddingPair {
  /** `(r, V)`, PEFT's lora_embedding_A, whose gradient autograd makes. */
  readonly down: Tensor;
  /** `(D, r)`, PEFT's lora_embedding_B */
  readonly up: Matrix & { readonly weight: Tensor };
  readonly scale: number;
}

/** `outputs = inputs weight^T + bias` */
export interface LinearWeights extends Matrix {
  /** `(outputs)` */
  readonly bias: Tensor | null;
  readonly lora: LoraWeights | null;
}

/** A gated feed-forward network. */
export interface FeedForwardWeights {
  /** Gate and up; or one matrix of both. */
  readonly gateUp: readonly LinearWeights[];
  readonly down: LinearWeights;
}

/** A mixture of experts. */
export interface MixtureWeights {
  /** Its outputs weigh the experts. */
  readonly router: LinearWeights;
  readonly experts: readonly FeedForwardWeights[];
}

/** The weights of one layer; those of norms in float32 or wider, because norms are computed so anyway. */
export interface LayerWeights {
  readonly attentionInputNorm: Tensor | null;
  readonly attentionOutputNorm: Tensor | null;
  /** Query, key and value; or one matrix of all three. */
  readonly queryKeyValue: readonly LinearWeights[];
  readonly queryNorm: Tensor | null;
  readonly keyNorm: Tensor | null;
  readonly attentionOutput: LinearWeights;
  readonly feedForwardInputNorm: Tensor | null;
  readonly feedForwardOutputNorm: Tensor | null;
  readonly feedForward: FeedForwardWeights | MixtureWeights;
}

/** The weights of a whole decoder but its head. */
export interface DecoderWeights {
  /** `(V, D)`, always as stored: only the rows that are looked up need another dtype. */
  readonly embedding: Tensor;
  /** Whether the embedding's gradient is added into its `grad` in place. */
  readonly embeddingAccumulates: boolean;
  readonly embeddingPair: EmbeddingPair | null;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: Tensor;
}

/** Where weights come from, by their Hugging Face names. */
export interface WeightSource {
  /** The parameter of a name, as it is. */
  stored(name: string): Tensor;
  /** The same in the dtype of the computation, and what its gradient is added into. */
  matrix(name: string): Matrix;
  /** A vector in the dtype of the computation. */
  vector(name: string): Tensor;
  /** The pair of a linear module, where it has one. */
  lora(module: string): LoraWeights | null;
  /** The pair of the embedding, where it has one. */
  readonly embeddingPair: EmbeddingPair | null;
}

/** Finds each weight by its Hugging Face name. */
export function bindDecoderWeights(
  spec: DecoderSpec,
  { stored, matrix, vector, lora, embeddingPair }: WeightSource,
): DecoderWeights {
  const linear = (name: string, bias: boolean): LinearWeights => ({
    ...matrix(`${name}.weight`),
    bias: bias ? vector(`${name}.bias`) : null,
    lora: lora(name),
  });
  const norm = (name: string): Tensor => {
    const weight = stored(`${name}.weight`);
    if (spec.normOffset === 0) return weight;
    // In a narrow dtype the sum would lose what tells the weights apart.
    return (weight.dtype === "float64" ? weight : weight.to("float32")).add(spec.normOffset);
  };
  const bias = spec.queryKeyValueBias;
  const feedForward = (layer: string): FeedForwardWeights => ({
    gateUp: (spec.fusedProjections ? ["gate_up_proj"] : ["gate_proj", "up_proj"]).map((name) =>
      linear(`${layer}.mlp.${name}`, spec.mlpBias),
    ),
    down: linear(`${layer}.mlp.down_proj`, spec.mlpBias),
  });
  const mixture = (layer: string, { experts, names }: MixtureSpec): MixtureWeights => ({
    router: linear(`${layer}.${names.router}`, false),
    experts: Array.from({ length: experts }, (_, index) => {
      const expert = `${layer}.${names.expert}.${index}`;
      return {
        gateUp: [names.gate, names.up].map((name) => linear(`${expert}.${name}`, false)),
        down: linear(`${expert}.${names.down}`, false),
      };
    }),
  });
  const layers = spec.layers.map((layerSpec, index): LayerWeights => {
    const layer = `model.layers.${index}`;
    const normOf = (name: string | null) => (name === null ? null : norm(`${layer}.${name}`));
    const hasHeadNorms = spec.queryKeyNorm !== "none";
    const queryKeyValue = spec.fusedProjections ? ["qkv_proj"] : ["q_proj", "k_proj", "v_proj"];
    return {
      attentionInputNorm: normOf(spec.norms.attentionInput),
      attentionOutputNorm: normOf(spec.norms.attentionOutput),
      queryKeyValue: queryKeyValue.map((name) => linear(`${layer}.self_attn.${name}`, bias)),
      queryNorm: hasHeadNorms ? norm(`${layer}.self_attn.q_norm`) : null,
      keyNorm: hasHeadNorms ? norm(`${layer}.self_attn.k_norm`) : null,
      attentionOutput: linear(`${layer}.self_attn.o_proj`, spec.attentionOutputBias),
      feedForwardInputNorm: normOf(spec.norms.feedForwardInput),
      feedForwardOutputNorm: normOf(spec.norms.feedForwardOutput),
      feedForward: layerSpec.mixture ? mixture(layer, layerSpec.mixture) : feedForward(layer),
    };
  });
  const embedding = stored(embeddingName);
  return {
    embedding,
    embeddingAccumulates: embedding.requiresGrad,
    embeddingPair,
    layers,
    finalNorm: norm("model.norm"),
  };
}
