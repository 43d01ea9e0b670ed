import { z } from "zod";
import { commonSpec, type DecoderSpec, type ModelFamily } from "./decoder-spec.js";
import { type ModelConfig, optional, readFamilyFields } from "./model-config.js";
import { slidingWindows } from "./sliding-window.js";

const fields = z.looseObject({ max_window_layers: optional(z.number().int(), 28) });

/** The layers of Qwen 2 and 3: windows, if any, from `max_window_layers` on. */
export function qwenLayers(config: ModelConfig): DecoderSpec["layers"] {
  const { max_window_layers: first } = readFamilyFields(config, fields);
  const windows = slidingWindows(config, {
    isWindowed: (layer) => layer >= first,
    areOptional: true,
    window: 4096,
  });
  return windows.map((window) => ({ window, rope: config.rope }));
}

/** Qwen 2 and 2.5: biases on the query, key and value projections, always and there alone. */
export const qwen2: ModelFamily = {
  modelType: "qwen2",
  architecture: "Qwen2ForCausalLM",
  decoderSpec: (config) => ({
    ...commonSpec(config),
    layers: qwenLayers(config),
    queryKeyValueBias: true,
  }),
};
