import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { refuseSlidingWindow } from "./sliding-window.js";

/** Qwen 3 (dense): queries and keys are normalised head by head; heads have 128 elements unless told otherwise. */
export const qwen3: ModelFamily = {
  modelType: "qwen3",
  architecture: "Qwen3ForCausalLM",
  decoderSpec: (config) => {
    refuseSlidingWindow(config);
    return {
      ...commonSpec(config),
      headDim: config.headDim ?? 128,
      queryKeyValueBias: config.attentionBias,
      attentionOutputBias: config.attentionBias,
      queryKeyNorm: true,
    };
  },
};
