/**
 * @file How texts are split before byte-level BPE, by the value of `tokenizer.ggml.pre`. The expressions are those of the
 * models' own `tokenizer.json` files, which llama.cpp imitates in `llama-vocab.cpp`.
 */

/** A way to split. Each expression splits what the ones before it have left; its matches become pieces of their own. */
export interface PreTokenizer {
  readonly expressions: readonly string[];
  /** Whether texts are normalised to Unicode's NFC first. */
  readonly normalizesToNfc?: boolean;
  /** Whether a piece that is a token is taken whole, whatever the merges say. */
  readonly ignoresMerges?: boolean;
  /** Whether the beginning token stands before a text, where the file does not say it. */
  readonly addsBos?: boolean;
}

const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Words with what is in front of them, at most `digits` digits, signs with the line ends behind them, spaces. */
const words = (digits: string, signs = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*`): string =>
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}|${signs}|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** The same for words that begin with capitals. `contraction` may follow one. */
const casedWords = (digits: string, contraction = ""): string => {
  const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
  const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
  const before = String.raw`[^\r\n\p{L}\p{N}]?`;
  return String.raw`${before}${upper}*${lower}+${contraction}|${before}${upper}+${lower}*${contraction}|${digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
};

const THREE_DIGITS = String.raw`\p{N}{1,3}`;
const ONE_DIGIT = String.raw`\p{N}`;

const gpt2: PreTokenizer = { expressions: [GPT2] };
const llama3: PreTokenizer = {
  expressions: [words(THREE_DIGITS)],
  ignoresMerges: true,
  addsBos: true,
};
const singleDigits: PreTokenizer = { expressions: [ONE_DIGIT, GPT2] };
const qwen2: PreTokenizer = { expressions: [words(ONE_DIGIT)] };
const gpt4o: PreTokenizer = { expressions: [casedWords(THREE_DIGITS, "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")] };

/** By the value of `tokenizer.ggml.pre`. */
export const PRE_TOKENIZERS: Readonly<Record<string, PreTokenizer>> = {
  default: {
    expressions: [String.raw`[\p{P}\$\+<=>\^~\|]+`, GPT2, String.raw`\p{N}+`, "[0-9][0-9][0-9]"],
  },
  "gpt-2": gpt2,
  "phi-2": gpt2,
  exaone4: gpt2,
  mpt: { ...gpt2, normalizesToNfc: true },
  olmo: { ...gpt2, normalizesToNfc: true },
  llama3,
  "llama-v3": llama3,
  "llama-bpe": llama3,
  falcon3: llama3,
  pixtral: llama3,
  dbrx: { expressions: llama3.expressions },
  "smaug-bpe": { expressions: llama3.expressions },
  qwen2: { ...qwen2, normalizesToNfc: true },
  "deepseek-r1-qwen": qwen2,
  megrez: qwen2,
  smollm: singleDigits,
  starcoder: singleDigits,
  refact: singleDigits,
  codeshell: singleDigits,
  "command-r": { ...singleDigits, normalizesToNfc: true },
  tekken: { expressions: [casedWords(ONE_DIGIT)], ignoresMerges: true, addsBos: true },
  "gpt-4o": gpt4o,
  kanana2: gpt4o,
  "seed-coder": { expressions: [words(ONE_DIGIT, String.raw` ?[^\s\p{L}\p{N}\r\n]+`)] },
  "deepseek-coder": {
    expressions: ["[\r\n]", String.raw`\s?\p{L}+`, String.raw`\s?\p{P}+`, "[一-龥ࠀ-一가-퟿]+", ONE_DIGIT],
  },
};
