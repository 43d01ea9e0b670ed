/** @file Recognises Llama 3's rule for long contexts in the factors that a GGUF file holds instead of it. */

/** As `rope_scaling` in `config.json` has it. */
export interface Llama3RopeScaling {
  readonly rope_type: "llama3";
  readonly factor: number;
  readonly low_freq_factor: number;
  readonly high_freq_factor: number;
  readonly original_max_position_embeddings: number;
}

/** Every published model of Llama 3.1 to 3.3 has these; only the factor differs. */
const LOW_FREQUENCY_FACTOR = 1;
const HIGH_FREQUENCY_FACTOR = 4;
const ORIGINAL_CONTEXT = 8192;

/**
 * The settings from which `factors` (of `rope_freqs.weight`: what each frequency is divided by) were computed, by the
 * rule of `_compute_llama3_parameters` in transformers; null where they were not computed by it.
 */
export function llama3RopeScaling(factors: Float32Array, theta: number): Llama3RopeScaling | null {
  const factor = factors.at(-1) ?? 1;
  const expected = Array.from(factors, (_, index) => {
    const wavelength = 2 * Math.PI * theta ** (index / factors.length);
    const turns = ORIGINAL_CONTEXT / wavelength;
    const share = (turns - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
    const smooth = Math.min(1, Math.max(0, share));
    return 1 / ((1 - smooth) / factor + smooth);
  });
  if (expected.some((value, index) => !(Math.abs(factors[index]! - value) <= 1e-4 * value))) return null;
  return {
    rope_type: "llama3",
    factor,
    low_freq_factor: LOW_FREQUENCY_FACTOR,
    high_freq_factor: HIGH_FREQUENCY_FACTOR,
    original_max_position_embeddings: ORIGINAL_CONTEXT,
  };
}
