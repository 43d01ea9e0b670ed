import { commonSpec, type ModelFamily } from "./decoder-spec.js";

/** Llama 2 and 3, TinyLlama, SmolLM, and the many models that share their shape. */
export const llama: ModelFamily = {
  modelType: "llama",
  architecture: "LlamaForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec(config),
    queryKeyValueBias: config.attentionBias,
    attentionOutputBias: config.attentionBias,
    mlpBias: config.mlpBias,
  }),
};
