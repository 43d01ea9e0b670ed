import { commonSpec, type DecoderSpec, type ModelFamily } from "./decoder-spec.js";
import type { ModelConfig } from "./model-config.js";

/** What all generations of Gemma share. Older files say "gelu" and mean its tanh approximation. */
export function gemmaSpec(config: ModelConfig): DecoderSpec {
  const { hiddenActivation: named, headDim, tieWordEmbeddings, attentionBias } = config;
  const hiddenActivation = named === null || named === "gelu" ? "gelu_pytorch_tanh" : named;
  return {
    ...commonSpec({
      ...config,
      hiddenActivation,
      headDim: headDim ?? 256,
      tieWordEmbeddings: tieWordEmbeddings ?? true,
    }),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    normOffset: 1,
    embeddingScale: Math.sqrt(config.hiddenSize),
  };
}

/** Gemma (the first). */
export const gemma: ModelFamily = {
  modelType: "gemma",
  architecture: "GemmaForCausalLM",
  decoderSpec: gemmaSpec,
};
