/** @file Where the base model lies, and its shape. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NEWLINE_ID, PAD_ID, VOCABULARY_SIZE } from "./tokenizer.js";

/** The folder of the demonstration's own base model, made by `npm run demo:pretrain`. */
export const baseModelFolder = fileURLToPath(new URL("../base-model", import.meta.url));

/** The files of the base model, in Hugging Face's layout. */
export const baseModelFiles = [
  "config.json",
  "generation_config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
] as const;

/** Whether `folder` holds a finished model. */
export const isModelFolder = (folder: string): boolean => existsSync(join(folder, "model.safetensors"));

/** The contents of the base model's `config.json`: a Llama of 812,160 parameters. */
export const baseModelConfig = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: VOCABULARY_SIZE,
  hidden_size: 128,
  intermediate_size: 352,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  head_dim: 32,
  hidden_act: "silu",
  attention_bias: false,
  attention_dropout: 0,
  mlp_bias: false,
  max_position_embeddings: 256,
  rms_norm_eps: 1e-6,
  rope_parameters: { rope_theta: 10000, rope_type: "default" },
  tie_word_embeddings: true,
  initializer_range: 0.02,
  bos_token_id: NEWLINE_ID,
  eos_token_id: NEWLINE_ID,
  pad_token_id: PAD_ID,
  dtype: "float32",
  use_cache: true,
} as const;
