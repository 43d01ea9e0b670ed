/** @file A decoder's parameters by role instead of by name. */
import type { Tensor } from "@one-token/torch";
import type { DecoderSpec } from "./decoder-spec.js";

/** `outputs = inputs weight^T + bias` */
export interface LinearWeights {
  /** `(outputs, inputs)` */
  readonly weight: Tensor;
  /** `(outputs)` */
  readonly bias: Tensor | null;
  /** The leaf that stands behind `weight` and into whose `grad` the weight's gradient is added; null: by autograd. */
  readonly parameter: Tensor | null;
}

/** The weights of one layer; those of norms as stored, because norms are computed in float32 anyway. */
export interface LayerWeights {
  readonly inputNorm: Tensor;
  readonly query: LinearWeights;
  readonly key: LinearWeights;
  readonly value: LinearWeights;
  readonly queryNorm: Tensor | null;
  readonly keyNorm: Tensor | null;
  readonly attentionOutput: LinearWeights;
  readonly postAttentionNorm: Tensor;
  readonly gate: LinearWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
}

/** The weights of a whole decoder but its head. */
export interface DecoderWeights {
  /** `(V, D)`, always as stored: only the rows that are looked up need another dtype. */
  readonly embedding: Tensor;
  /** Whether the embedding's gradient is added into its `grad` in place. */
  readonly embeddingAccumulates: boolean;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: Tensor;
}

/**
 * Finds each weight by its Hugging Face name.
 *
 * @param stored the parameter of a name, as it is
 * @param computed the same in the dtype of the computation
 * @param accumulating the same where its gradient is added in place, else null
 */
export function bindDecoderWeights(
  spec: DecoderSpec,
  stored: (name: string) => Tensor,
  computed: (name: string) => Tensor,
  accumulating: (name: string) => Tensor | null,
): DecoderWeights {
  const linear = (name: string, bias: boolean): LinearWeights => ({
    weight: computed(`${name}.weight`),
    bias: bias ? computed(`${name}.bias`) : null,
    parameter: accumulating(`${name}.weight`),
  });
  const layers = Array.from({ length: spec.numLayers }, (_, index): LayerWeights => {
    const layer = `model.layers.${index}`;
    return {
      inputNorm: stored(`${layer}.input_layernorm.weight`),
      query: linear(`${layer}.self_attn.q_proj`, spec.queryKeyValueBias),
      key: linear(`${layer}.self_attn.k_proj`, spec.queryKeyValueBias),
      value: linear(`${layer}.self_attn.v_proj`, spec.queryKeyValueBias),
      queryNorm: spec.queryKeyNorm ? stored(`${layer}.self_attn.q_norm.weight`) : null,
      keyNorm: spec.queryKeyNorm ? stored(`${layer}.self_attn.k_norm.weight`) : null,
      attentionOutput: linear(`${layer}.self_attn.o_proj`, spec.attentionOutputBias),
      postAttentionNorm: stored(`${layer}.post_attention_layernorm.weight`),
      gate: linear(`${layer}.mlp.gate_proj`, spec.mlpBias),
      up: linear(`${layer}.mlp.up_proj`, spec.mlpBias),
      down: linear(`${layer}.mlp.down_proj`, spec.mlpBias),
    };
  });
  return {
    embedding: stored("model.embed_tokens.weight"),
    embeddingAccumulates: accumulating("model.embed_tokens.weight") !== null,
    layers,
    finalNorm: stored("model.norm.weight"),
  };
}
