import { z } from "zod";
import { commonSpec, type ModelFamily } from "./decoder-spec.js";
import { optional, readFamilyFields } from "./model-config.js";
import { slidingWindows } from "./sliding-window.js";

const fields = z.looseObject({
  /** 1: the layer rotates. */
  no_rope_layers: z.array(z.number().int()).nullish(),
  no_rope_layer_interval: optional(z.number().int().positive(), 4),
});

/** SmolLM 3: Llama whose every fourth layer does not rotate queries and keys. */
export const smollm3: ModelFamily = {
  modelType: "smollm3",
  architecture: "SmolLM3ForCausalLM",
  decoderSpec(config) {
    const { no_rope_layers: listed, no_rope_layer_interval: interval } = readFamilyFields(config, fields);
    const rotates = (layer: number) => (listed ? listed[layer] !== 0 : (layer + 1) % interval !== 0);
    const windows = slidingWindows(config, { isWindowed: (layer) => !rotates(layer), areOptional: true });
    return {
      ...commonSpec({ ...config, tieWordEmbeddings: config.tieWordEmbeddings ?? true }),
      layers: windows.map((window, layer) => ({ window, rope: rotates(layer) ? config.rope : null })),
      queryKeyValueBias: config.attentionBias,
      attentionOutputBias: config.attentionBias,
      mlpBias: config.mlpBias,
    };
  },
};
