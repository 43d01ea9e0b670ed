import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { slidingWindows } from "./sliding-window.js";

/** Phi 3, 3.5 and 4: query, key and value in one matrix, gate and up in another. */
export const phi3: ModelFamily = {
  modelType: "phi3",
  architecture: "Phi3ForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec(config),
    layers: slidingWindows(config, { isWindowed: () => true }).map((window) => ({
      window,
      rope: config.rope,
    })),
    fusedProjections: true,
  }),
};
