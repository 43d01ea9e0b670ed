import { z } from "zod";
import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { factor } from "./factor.js";
import { optional, readFamilyFields } from "./model-config.js";

const multiplier = optional(factor, 1);

const fields = z.looseObject({
  embedding_multiplier: multiplier,
  attention_multiplier: multiplier,
  residual_multiplier: multiplier,
  logits_scaling: multiplier,
});

/** Granite 3 (dense): Llama with four constant factors. */
export const granite: ModelFamily = {
  modelType: "granite",
  architecture: "GraniteForCausalLM",
  decoderSpec(config) {
    const read = readFamilyFields(config, fields);
    return {
      ...commonSpec(config),
      queryKeyValueBias: config.attentionBias,
      attentionOutputBias: config.attentionBias,
      mlpBias: config.mlpBias,
      embeddingScale: read.embedding_multiplier,
      attentionScale: read.attention_multiplier,
      residualScale: read.residual_multiplier,
      logitScale: 1 / read.logits_scaling,
    };
  },
};
