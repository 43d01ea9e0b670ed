import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { qwenLayers } from "./qwen2.js";

/** Qwen 3 (dense): queries and keys are normalised head by head; heads have 128 elements unless told otherwise. */
export const qwen3: ModelFamily = {
  modelType: "qwen3",
  architecture: "Qwen3ForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec({ ...config, headDim: config.headDim ?? 128 }),
    layers: qwenLayers(config),
    queryKeyValueBias: config.attentionBias,
    attentionOutputBias: config.attentionBias,
    queryKeyNorm: "head",
  }),
};
