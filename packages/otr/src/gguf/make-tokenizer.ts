/** @file Makes the tokenizer files of a model folder from the metadata of a GGUF file. */
import { byteLevelBpe } from "./byte-level-bpe.js";
import { ggufInvalid, ggufUnsupported } from "./gguf-error.js";
import type { GgufFile } from "./read-gguf.js";
import { sentencePieceBpe } from "./sentencepiece-bpe.js";
import { specialTokenIds } from "./special-tokens.js";
import type { TokenizerParts } from "./tokenizer-parts.js";
import { readVocabulary, TOKEN_TYPE, type Vocabulary } from "./vocabulary.js";

type Json = Record<string, unknown>;

/** The content of each file. */
export interface TokenizerContent {
  readonly "tokenizer.json": Json;
  readonly "tokenizer_config.json": Json;
  /** The template for conversations, where there is one. */
  readonly chatTemplate: string | null;
}

/**
 * The tokenizer of a file: byte-level BPE or SentencePiece's BPE, with special tokens, the tokens around a text and the
 * chat template.
 *
 * @throws {DataError} `GGUF_INVALID`, `GGUF_UNSUPPORTED` for another kind of tokenizer
 */
export function makeTokenizer(file: GgufFile): TokenizerContent {
  const { metadata } = file;
  const vocabulary = readVocabulary(file);
  const parts = tokenizerParts(file, vocabulary);
  const special = specialTokenIds(file);
  const addsBos = metadata.boolean("tokenizer.ggml.add_bos_token") ?? parts.addsBos;
  const addsEos = metadata.boolean("tokenizer.ggml.add_eos_token") ?? false;
  const nameOf = (id: number | null) => (id === null ? null : vocabulary.tokens[id]);
  const around = {
    before: addsBos ? requiredToken(file, vocabulary, special.bos, "bos") : [],
    behind: addsEos ? requiredToken(file, vocabulary, special.eos, "eos") : [],
  };
  const spoken = [special.bos, special.eos, ...special.stop].filter((id) => id !== null);
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: addedTokens(vocabulary, new Set(spoken)),
      normalizer: parts.normalizer,
      pre_tokenizer: parts.preTokenizer,
      post_processor: postProcessor(parts, around),
      decoder: parts.decoder,
      model: parts.model,
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      add_bos_token: addsBos,
      add_eos_token: addsEos,
      bos_token: nameOf(special.bos),
      eos_token: nameOf(special.eos),
      unk_token: nameOf(special.unk),
      pad_token: nameOf(special.pad),
      clean_up_tokenization_spaces: false,
    },
    chatTemplate: metadata.string("tokenizer.chat_template"),
  };
}

function tokenizerParts(file: GgufFile, vocabulary: Vocabulary): TokenizerParts {
  const model = file.metadata.string("tokenizer.ggml.model");
  if (model === "gpt2") return byteLevelBpe(file, vocabulary);
  if (model === "llama") return sentencePieceBpe(file, vocabulary);
  throw ggufUnsupported(
    file.path,
    `its tokenizer is ${JSON.stringify(model)} (tokenizer.ggml.model); gpt2 and llama are read`,
    "give the Hugging Face folder of the model",
  );
}

interface Token {
  readonly id: number;
  readonly text: string;
}

function requiredToken(file: GgufFile, { tokens }: Vocabulary, id: number | null, name: string): Token[] {
  if (id !== null) return [{ id, text: tokens[id]! }];
  throw ggufInvalid(
    file.path,
    `texts get a ${name} token (tokenizer.ggml.add_${name}_token), but tokenizer.ggml.${name}_token_id is missing`,
  );
}

/** What is found in a text before it is split. `spoken`: special whatever their kind. */
function addedTokens({ tokens, types }: Vocabulary, spoken: ReadonlySet<number>): Json[] {
  return tokens.flatMap((content, id) => {
    const type = types[id];
    const special = type === TOKEN_TYPE.control || type === TOKEN_TYPE.unknown || spoken.has(id);
    if (!special && type !== TOKEN_TYPE.userDefined) return [];
    return [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special }];
  });
}

function postProcessor(
  { postProcessor: own }: TokenizerParts,
  { before, behind }: { before: readonly Token[]; behind: readonly Token[] },
): Json | null {
  if (before.length + behind.length === 0) return own;
  const sequence = (name: string, type_id: number) => [
    ...before.map(({ text }) => ({ SpecialToken: { id: text, type_id } })),
    { Sequence: { id: name, type_id } },
    ...behind.map(({ text }) => ({ SpecialToken: { id: text, type_id } })),
  ];
  const template = {
    type: "TemplateProcessing",
    single: sequence("A", 0),
    pair: [...sequence("A", 0), ...sequence("B", 1)],
    special_tokens: Object.fromEntries(
      [...before, ...behind].map(({ id, text }) => [text, { id: text, ids: [id], tokens: [text] }]),
    ),
  };
  return own === null ? template : { type: "Sequence", processors: [own, template] };
}
