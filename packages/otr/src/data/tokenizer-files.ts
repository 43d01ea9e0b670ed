/** @file Reads what the files of a model folder say about its tokenizer, without building it. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";
import { TOKENIZER_FILES } from "../models/companion-files.js";
import { readEosTokenIds } from "../models/generation-config.js";
import { checkTokenizer } from "./check-tokenizer.js";
import { type CharacterLoss, characterLoss } from "./lost-characters.js";
import { asList, asObject, type Json, MOST_BYTES, readJsonObject } from "./tokenizer-json.js";

/** A token beside the ordinary vocabulary, as `tokenizer.json` and `added_tokens_decoder` spell it. */
export interface AddedTokenEntry {
  readonly content: string;
  readonly special: boolean;
  readonly singleWord: boolean;
  readonly leftStrip: boolean;
  readonly rightStrip: boolean;
  readonly normalized: boolean;
}

export interface TokenizerFiles {
  /**
   * What `tokenizer.json` says, its special tokens matched in the text as it is written. Written anew, so that what was
   * checked is what is used: the file may give a name twice.
   */
  readonly json: string;
  /** The largest id of the vocabulary in `tokenizer.json`; -1 without one. */
  readonly largestId: number;
  /** Characters of the longest text that may be encoded, as `checkTokenizer` has it. */
  readonly longestText: number;
  /** Null where the tokenizer writes every character. */
  readonly characterLoss: CharacterLoss | null;
  /** The added tokens of `tokenizer.json`. */
  readonly addedTokens: readonly AddedTokenEntry[];
  /** Tokens that the configuration names and `tokenizer.json` does not list. */
  readonly missingTokens: readonly AddedTokenEntry[];
  /** `bos_token`, `eos_token`, `pad_token`, `unk_token` ... where they are set. */
  readonly namedTokens: ReadonlyMap<string, string>;
  /** The ids that end generation by `generation_config.json`, or else by `config.json`. */
  readonly generationStopIds: readonly number[];
  readonly chatTemplate: string | null;
  /** Names of the tokenizer's files in the folder, relative to it. */
  readonly files: readonly string[];
}

const NAMED_TOKENS = [
  "bos_token",
  "eos_token",
  "pad_token",
  "unk_token",
  "sep_token",
  "cls_token",
  "mask_token",
];

/**
 * Reads the tokenizer files of a model folder. `tokenizer_config.json` beats `special_tokens_map.json`, and
 * `chat_template.jinja` beats the template in `tokenizer_config.json`, as in Transformers 5.
 * @throws DataError `TOKENIZER_MISSING` or `TOKENIZER_INVALID`
 */
export function readTokenizerFiles(folder: string): TokenizerFiles {
  const path = join(folder, "tokenizer.json");
  if (!existsSync(path)) throw missingTokenizer(folder);
  const tokenizer = readJsonObject(path);
  const config = readOptional(join(folder, "tokenizer_config.json"));
  const specialTokensMap = readOptional(join(folder, "special_tokens_map.json"));

  const largest = largestId(tokenizer);
  let checked: string;
  let longestText: number;
  try {
    longestText = checkTokenizer(tokenizer, largest);
    checked = JSON.stringify(withLiteralSpecialTokens(tokenizer));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      "TOKENIZER_INVALID",
      `${path}: ${reason}; the tokenizers library cannot use that. Use the tokenizer the model was made with`,
      { cause: error },
    );
  }

  const addedTokens = asList(tokenizer.added_tokens).map(addedTokenEntry).filter(isPresent);
  const namedTokens = new Map<string, string>();
  for (const name of NAMED_TOKENS) {
    const token = addedTokenEntry(config[name] ?? specialTokensMap[name]);
    if (token) namedTokens.set(name, token.content);
  }

  const known = new Set(addedTokens.map((token) => token.content));
  const missingTokens: AddedTokenEntry[] = [];
  const configured = [
    ...Object.values(asObject(config.added_tokens_decoder)).map(addedTokenEntry),
    ...NAMED_TOKENS.map((name) => specialEntry(config[name] ?? specialTokensMap[name])),
    ...asList(config.additional_special_tokens ?? specialTokensMap.additional_special_tokens).map(
      specialEntry,
    ),
    ...extraSpecialTokens(config.extra_special_tokens).map(specialEntry),
  ];
  for (const token of configured) {
    if (!token || known.has(token.content)) continue;
    known.add(token.content);
    missingTokens.push(token);
  }

  return {
    json: checked,
    largestId: largest,
    longestText,
    characterLoss: characterLoss(tokenizer),
    addedTokens,
    missingTokens,
    namedTokens,
    generationStopIds: readStopIds(folder),
    chatTemplate: readChatTemplate(folder, config),
    files: TOKENIZER_FILES.filter((name) => existsSync(join(folder, name))),
  };
}

function missingTokenizer(folder: string): DataError {
  if (!existsSync(folder)) return new DataError("TOKENIZER_MISSING", `${folder}: there is no such folder`);
  const names = readdirSync(folder).filter((name) => /token|vocab|merges|\.model$/i.test(name));
  const found = names.length > 0 ? `it has ${names.join(", ")}` : "it has no tokenizer files at all";
  return new DataError(
    "TOKENIZER_MISSING",
    `${folder} has no tokenizer.json (${found}); other formats are not read. Convert it once with Transformers: ` +
      'AutoTokenizer.from_pretrained("FOLDER").save_pretrained("FOLDER")',
  );
}

function readOptional(path: string): Json {
  return existsSync(path) ? readJsonObject(path) : {};
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}

/** A token written as its text, or as an object with `content` and flags. */
function addedTokenEntry(value: unknown): AddedTokenEntry | null {
  if (typeof value === "string") return value === "" ? null : specialTokenEntry(value);
  const entry = asObject(value);
  if (typeof entry.content !== "string" || entry.content === "") return null;
  return {
    content: entry.content,
    special: entry.special === true,
    singleWord: entry.single_word === true,
    leftStrip: entry.lstrip === true,
    rightStrip: entry.rstrip === true,
    normalized: entry.normalized === true,
  };
}

/** A special token of which nothing but the text is known. */
export const specialTokenEntry = (content: string): AddedTokenEntry => ({
  content,
  special: true,
  singleWord: false,
  leftStrip: false,
  rightStrip: false,
  normalized: false,
});

function specialEntry(value: unknown): AddedTokenEntry | null {
  const entry = addedTokenEntry(value);
  return entry && { ...entry, special: true };
}

/** A list of tokens, or an object whose values are tokens. */
function extraSpecialTokens(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : Object.values(asObject(value));
}

/**
 * Some files match special tokens in the normalized text. A normalizer that puts a space in front of a text puts it in
 * front of the token too, and then an end token right behind a word is not seen.
 */
function withLiteralSpecialTokens(tokenizer: Json): Json {
  const tokens = asList(tokenizer.added_tokens).map(asObject);
  if (!tokens.some((token) => token.special === true && token.normalized === true)) return tokenizer;
  const literal = tokens.map((token) => (token.special === true ? { ...token, normalized: false } : token));
  return { ...tokenizer, added_tokens: literal };
}

function largestId(tokenizer: Json): number {
  let largest = -1;
  const { vocab } = asObject(tokenizer.model);
  // Unigram vocabularies are lists, whose positions are the ids; the others map token to id.
  if (Array.isArray(vocab)) largest = vocab.length - 1;
  else
    for (const id of Object.values(asObject(vocab))) {
      if (typeof id === "number") largest = Math.max(largest, id);
    }
  for (const token of asList(tokenizer.added_tokens)) {
    const { id } = asObject(token);
    if (typeof id === "number") largest = Math.max(largest, id);
  }
  return largest;
}

function readStopIds(folder: string): readonly number[] {
  const generation = readEosTokenIds(folder);
  if (generation !== null) return generation;
  const { eos_token_id: ids } = readOptional(join(folder, "config.json"));
  return (Array.isArray(ids) ? ids : [ids]).filter((id): id is number => Number.isInteger(id));
}

function readChatTemplate(folder: string, config: Json): string | null {
  const path = join(folder, "chat_template.jinja");
  if (existsSync(path)) return readBounded(path, MOST_BYTES);
  const legacy = readOptional(join(folder, "chat_template.json")).chat_template;
  const template = config.chat_template ?? legacy;
  if (typeof template === "string") return template;
  const named = asList(template).map(asObject);
  const chosen = named.find((entry) => entry.name === "default")?.template;
  return typeof chosen === "string" ? chosen : null;
}
