/** A `config.json` of a tiny Llama model, with what a test changes. */
export const tinyConfig = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  model_type: "llama",
  vocab_size: 19,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 64,
  bos_token_id: 1,
  eos_token_id: 2,
  tie_word_embeddings: true,
  dtype: "float32",
  ...changes,
});
