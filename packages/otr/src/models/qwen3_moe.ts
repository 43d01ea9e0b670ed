import { z } from "zod";
import type { MixtureSpec, ModelFamily } from "./decoder-spec.js";
import { checkExperts, expertCount } from "./expert-fields.js";
import { optional, readFamilyFields } from "./model-config.js";
import { qwen3 } from "./qwen3.js";

const fields = z.looseObject({
  num_experts: expertCount.nullish(),
  // As transformers 5 writes it.
  num_local_experts: expertCount.nullish(),
  num_experts_per_tok: optional(expertCount, 8),
  moe_intermediate_size: optional(z.number().int().positive(), 768),
  norm_topk_prob: optional(z.boolean(), false),
  decoder_sparse_step: optional(z.number().int().positive(), 1),
  mlp_only_layers: optional(z.array(z.number().int()), []),
});

/** Qwen 3 with mixtures of experts, in every layer unless `decoder_sparse_step` and `mlp_only_layers` say otherwise. */
export const qwen3Moe: ModelFamily = {
  modelType: "qwen3_moe",
  architecture: "Qwen3MoeForCausalLM",
  decoderSpec(config) {
    const read = readFamilyFields(config, fields);
    const experts = read.num_experts ?? read.num_local_experts ?? 128;
    checkExperts(config, experts, read.num_experts_per_tok);
    const mixture: MixtureSpec = {
      experts,
      expertsPerToken: read.num_experts_per_tok,
      intermediateSize: read.moe_intermediate_size,
      isNormalised: read.norm_topk_prob,
      names: {
        router: "mlp.gate",
        expert: "mlp.experts",
        gate: "gate_proj",
        up: "up_proj",
        down: "down_proj",
      },
    };
    const isMixture = (layer: number) =>
      (layer + 1) % read.decoder_sparse_step === 0 && !read.mlp_only_layers.includes(layer);
    // Where the dense family has 128, this one divides.
    const headDim = config.headDim ?? config.hiddenSize / config.numAttentionHeads;
    const spec = qwen3.decoderSpec({ ...config, headDim });
    return {
      ...spec,
      layers: spec.layers.map((layer, index) => (isMixture(index) ? { ...layer, mixture } : layer)),
    };
  },
};
