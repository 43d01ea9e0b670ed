/** @file The files of a model folder beside configuration and weights. */

/** What makes up the tokenizer and its chat template; most folders have only some of them. */
export const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "chat_template.jinja",
  "chat_template.json",
  "tokenizer.model",
  "vocab.json",
  "merges.txt",
] as const;

/** What a model needs beside its weights and training does not change. */
export const COMPANION_FILES = ["generation_config.json", ...TOKENIZER_FILES] as const;
