/** @file The demonstration's tokenizer: one token a character, in the file format of Hugging Face's tokenizers. */

const PAD = "<pad>";
/** Begins and ends every line: begin, end and separator in one. */
export const NEWLINE = "\n";
const CHARACTERS = [PAD, NEWLINE, ..."0123456789abcdefghijklmnopqrstuvwxyz +-*=()[]{}:;,.&<>|"];

/** Rounded up to a power of two; the ids above the characters' are never used. */
export const VOCABULARY_SIZE = 64;
export const PAD_ID = CHARACTERS.indexOf(PAD);
export const NEWLINE_ID = CHARACTERS.indexOf(NEWLINE);

/** The contents of `tokenizer.json`: a BPE model without merges, so that every character is a token. */
export function tokenizerJson(): object {
  const names = Array.from({ length: VOCABULARY_SIZE }, (_, id) => CHARACTERS[id] ?? `<unused${id}>`);
  const padToken = { id: PAD_ID, content: PAD, single_word: false, lstrip: false, rstrip: false };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ ...padToken, normalized: false, special: true }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Fuse" },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(names.map((name, id) => [name, id])),
      merges: [],
    },
  };
}

/** The contents of `tokenizer_config.json`. */
export function tokenizerConfig(): object {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: PAD,
    bos_token: NEWLINE,
    eos_token: NEWLINE,
    model_max_length: 256,
  };
}
