import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { slidingWindows } from "./sliding-window.js";

/** Mistral: Llama whose layers may all attend to a window; 4,096 tokens unless `sliding_window` says otherwise. */
export const mistral: ModelFamily = {
  modelType: "mistral",
  architecture: "MistralForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec(config),
    layers: slidingWindows(config, { isWindowed: () => true, window: 4096 }).map((window) => ({
      window,
      rope: config.rope,
    })),
  }),
};
