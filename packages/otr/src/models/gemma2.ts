import { z } from "zod";
import { INPUT_AND_OUTPUT_NORMS, type ModelFamily } from "./decoder-spec.js";
import { factor } from "./factor.js";
import { gemmaSpec } from "./gemma.js";
import { optional, readFamilyFields } from "./model-config.js";
import { slidingWindows } from "./sliding-window.js";

const cap = factor.nullable().optional();

const fields = z.looseObject({
  query_pre_attn_scalar: optional(factor, 256),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
});

/** An absent cap is the family's default, null none. */
const capOf = (value: number | null | undefined, fallback: number) =>
  value === undefined ? fallback : (value ?? 0);

/** Gemma 2: soft caps, norms around each half of a layer, every other layer with a window. */
export const gemma2: ModelFamily = {
  modelType: "gemma2",
  architecture: "Gemma2ForCausalLM",
  decoderSpec(config) {
    const read = readFamilyFields(config, fields);
    const windows = slidingWindows(config, { isWindowed: (layer) => layer % 2 === 0, window: 4096 });
    return {
      ...gemmaSpec(config),
      layers: windows.map((window) => ({ window, rope: config.rope })),
      norms: INPUT_AND_OUTPUT_NORMS,
      attentionScale: read.query_pre_attn_scalar ** -0.5,
      attentionSoftcap: capOf(read.attn_logit_softcapping, 50),
      logitSoftcap: capOf(read.final_logit_softcapping, 30),
    };
  },
};
