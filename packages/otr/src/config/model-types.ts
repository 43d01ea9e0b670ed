/** The values of `model_type` in `config.json` that `models/registry.ts` has a family for. */
export const MODEL_TYPES = [
  "llama",
  "mistral",
  "mixtral",
  "qwen2",
  "qwen3",
  "qwen3_moe",
  "smollm3",
  "gemma",
  "gemma2",
  "gemma3_text",
  "phi3",
  "olmo2",
  "granite",
] as const;

export type ModelType = (typeof MODEL_TYPES)[number];

/** Whether a value of `model_type` is one of {@link MODEL_TYPES}. */
export const isModelType = (text: string): text is ModelType =>
  (MODEL_TYPES as readonly string[]).includes(text);
