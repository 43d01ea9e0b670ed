/** @file A tokenizer with further special tokens, or with another end token, as a folder in the user's cache. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "@one-token/torch/setup";
import { closest } from "../config/closest.js";
import { DataError } from "../errors.js";
import { cachedFolder } from "../models/cached-folder.js";
import { COMPANION_FILES } from "../models/companion-files.js";
import { type AddedTokenEntry, readTokenizerFiles, specialTokenEntry } from "./tokenizer-files.js";
import { addedTokensOf, readJsonObject, tokenIds } from "./tokenizer-json.js";

/** What changes. */
export interface TokenizerExtension {
  /** Tokens that never come from ordinary text; one that is there already keeps its id and becomes special. */
  readonly specialTokens: readonly string[];
  /** The token that ends a text; null: as it was. */
  readonly eosToken: string | null;
}

/** Where it is, and how much was new. */
export interface ExtendedTokenizer {
  readonly folder: string;
  /** Tokens that had no id before. */
  readonly newTokens: number;
}

/** Where extended tokenizers are kept between runs. */
export const extendedTokenizersFolder = (): string => join(cacheFolder(), "tokenizers");

/**
 * A folder with the tokenizer, chat template and generation settings of `folder`, extended; `folder` itself where nothing
 * changes. It lies in the user's cache, as {@link cachedFolder} has it.
 *
 * @throws {DataError} `TOKENIZER_MISSING`, `TOKENIZER_INVALID`, `EOS_TOKEN_UNKNOWN`, `TOKENIZER_CACHE_FAILED`
 */
export async function extendTokenizer(
  folder: string,
  extension: TokenizerExtension,
  cache = extendedTokenizersFolder(),
): Promise<ExtendedTokenizer> {
  if (extension.specialTokens.length === 0 && extension.eosToken === null) return { folder, newTokens: 0 };
  const { contents, newTokens } = extendedFiles(folder, extension);
  const kept = {
    parent: cache,
    prefix: "",
    what: "the extended tokenizer",
    code: "TOKENIZER_CACHE_FAILED",
  };
  return { folder: await cachedFolder(contents, kept), newTokens };
}

function extendedFiles(
  folder: string,
  { specialTokens, eosToken }: TokenizerExtension,
): { contents: Map<string, string | Buffer>; newTokens: number } {
  const { largestId, missingTokens } = readTokenizerFiles(folder);
  const contents = new Map<string, string | Buffer>();
  for (const name of COMPANION_FILES) {
    const path = join(folder, name);
    // Not all of them are text.
    if (existsSync(path)) contents.set(name, readFileSync(path));
  }
  const tokenizer = readJsonObject(join(folder, "tokenizer.json"));
  const ids = tokenIds(tokenizer);
  let next = largestId + 1;
  const entries = new Map<string, Readonly<Record<string, unknown>>>();
  for (const entry of addedTokensOf(tokenizer)) entries.set(String(entry.content), entry);
  const add = (token: AddedTokenEntry) => {
    const id = ids.get(token.content) ?? next++;
    ids.set(token.content, id);
    const flags = {
      single_word: token.singleWord,
      lstrip: token.leftStrip,
      rstrip: token.rightStrip,
      normalized: token.normalized,
    };
    entries.set(token.content, {
      id,
      content: token.content,
      ...flags,
      ...entries.get(token.content),
      special: token.special,
    });
  };
  // Those that only the configuration names get their ids first, as they do when the tokenizer is loaded.
  for (const token of missingTokens) add(token);
  const firstNew = next;
  for (const token of specialTokens) add(specialTokenEntry(token));
  const extended = { ...tokenizer, added_tokens: [...entries.values()] };
  contents.set("tokenizer.json", JSON.stringify(extended));
  const newTokens = next - firstNew;
  if (eosToken === null) return { contents, newTokens };

  const eosId = ids.get(eosToken);
  if (eosId === undefined) throw unknownEosToken(eosToken, specialTokens);
  const change = (name: string, changes: object) => {
    const path = join(folder, name);
    const before = existsSync(path) ? readJsonObject(path) : {};
    contents.set(name, `${JSON.stringify({ ...before, ...changes }, null, 2)}\n`);
  };
  change("tokenizer_config.json", { eos_token: eosToken });
  change("generation_config.json", { eos_token_id: eosId });
  if (contents.has("special_tokens_map.json")) change("special_tokens_map.json", { eos_token: eosToken });
  return { contents, newTokens };
}

function unknownEosToken(eosToken: string, added: readonly string[]): DataError {
  const meant = closest(eosToken, added);
  const hint = meant === null ? "add it with add_special_tokens" : `did you mean ${JSON.stringify(meant)}?`;
  return new DataError(
    "EOS_TOKEN_UNKNOWN",
    `eos_token ${JSON.stringify(eosToken)} is no token of the tokenizer; ${hint}`,
  );
}
