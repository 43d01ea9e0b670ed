import { z } from "zod";
import { INPUT_AND_OUTPUT_NORMS, type ModelFamily } from "./decoder-spec.js";
import { factor } from "./factor.js";
import { gemmaSpec } from "./gemma.js";
import { configInvalid, type ModelConfig, optional, readFamilyFields } from "./model-config.js";
import { type RopeParameters, readRopeParameters } from "./rope-parameters.js";
import { slidingWindows } from "./sliding-window.js";

const cap = optional(factor, 0);

const fields = z.looseObject({
  query_pre_attn_scalar: optional(factor, 256),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
  use_bidirectional_attention: optional(z.boolean(), false),
  sliding_window_pattern: optional(z.number().int().positive(), 6),
  rope_theta: optional(factor, 1e6),
  rope_local_base_freq: optional(factor, 1e4),
  rope_scaling: z.looseObject({}).nullish(),
  rope_parameters: z
    .looseObject({
      full_attention: z.looseObject({}).nullish(),
      sliding_attention: z.looseObject({}).nullish(),
    })
    .nullish(),
});

type Fields = z.output<typeof fields>;

/** The rotation of layers without a window and of those with one, in both spellings of the file. */
function ropesOf(config: ModelConfig, read: Fields): { full: RopeParameters; sliding: RopeParameters } {
  const rope = (settings: object, theta: number) => {
    try {
      return readRopeParameters({
        rope_parameters: { rope_theta: theta, ...settings },
        max_position_embeddings: config.maxPositionEmbeddings,
      });
    } catch (error) {
      throw configInvalid(config.source, [error instanceof Error ? error.message : String(error)], error);
    }
  };
  const { full_attention: full, sliding_attention: sliding } = read.rope_parameters ?? {};
  return {
    full: rope({ ...full, ...read.rope_scaling }, read.rope_theta),
    sliding: rope({ ...sliding }, read.rope_local_base_freq),
  };
}

/** The text part of Gemma 3: normalised queries and keys, five layers with a window and their own rotation to each without. */
export const gemma3Text: ModelFamily = {
  modelType: "gemma3_text",
  architecture: "Gemma3ForCausalLM",
  decoderSpec(config) {
    const read = readFamilyFields(config, fields);
    if (read.use_bidirectional_attention) {
      throw configInvalid(config.source, [
        "use_bidirectional_attention is true; supported are models whose tokens see only those before them",
      ]);
    }
    const ropes = ropesOf(config, read);
    const isWindowed = (layer: number) => (layer + 1) % read.sliding_window_pattern !== 0;
    const windows = slidingWindows(config, { isWindowed, window: 4096 });
    return {
      ...gemmaSpec(config),
      layers: windows.map((window) => ({ window, rope: window > 0 ? ropes.sliding : ropes.full })),
      norms: INPUT_AND_OUTPUT_NORMS,
      queryKeyNorm: "head",
      attentionScale: read.query_pre_attn_scalar ** -0.5,
      attentionSoftcap: read.attn_logit_softcapping,
      logitSoftcap: read.final_logit_softcapping,
    };
  },
};
