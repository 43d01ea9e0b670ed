import { commonSpec, type ModelFamily, OUTPUT_NORMS } from "./decoder-spec.js";

/** OLMo 2: each half of a layer normalises what it adds, not what it reads; queries and keys are normalised whole. */
export const olmo2: ModelFamily = {
  modelType: "olmo2",
  architecture: "Olmo2ForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec(config),
    queryKeyValueBias: config.attentionBias,
    attentionOutputBias: config.attentionBias,
    queryKeyNorm: "all heads",
    norms: OUTPUT_NORMS,
  }),
};
