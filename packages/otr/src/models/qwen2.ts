import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { refuseSlidingWindow } from "./sliding-window.js";

/** Qwen 2 and 2.5: biases on the query, key and value projections, always and there alone. */
export const qwen2: ModelFamily = {
  modelType: "qwen2",
  architecture: "Qwen2ForCausalLM",
  decoderSpec: (config) => {
    refuseSlidingWindow(config);
    return { ...commonSpec(config), queryKeyValueBias: true };
  },
};
