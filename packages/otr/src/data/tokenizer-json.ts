/** @file What stands in a `tokenizer.json`, and other JSON files beside it. */
import { existsSync, readFileSync } from "node:fs";
import { DataError } from "../errors.js";

type Json = Readonly<Record<string, unknown>>;

/**
 * The object of a JSON file.
 *
 * @throws {DataError} `TOKENIZER_MISSING`, `TOKENIZER_INVALID`
 */
export function readJsonObject(path: string): Json {
  if (!existsSync(path)) throw new DataError("TOKENIZER_MISSING", `${path} is not there`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("TOKENIZER_INVALID", `${path} is not valid JSON (${reason}); fetch the file again`, {
      cause: error,
    });
  }
  if (isObject(value)) return value;
  throw new DataError("TOKENIZER_INVALID", `${path} does not hold a JSON object; fetch the file again`);
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The entries of `added_tokens`. */
export const addedTokensOf = ({ added_tokens: tokens }: Json): readonly Json[] =>
  (Array.isArray(tokens) ? tokens : []).filter(isObject).filter(({ content }) => typeof content === "string");

/** The id of each token of the vocabulary, and of those beside it. */
export function tokenIds(tokenizer: Json): Map<string, number> {
  const ids = new Map<string, number>();
  const vocabulary = isObject(tokenizer.model) ? tokenizer.model.vocab : undefined;
  // Unigram vocabularies are lists of pairs, whose positions are the ids; the others map token to id.
  if (Array.isArray(vocabulary)) {
    for (const [id, entry] of vocabulary.entries()) if (Array.isArray(entry)) ids.set(String(entry[0]), id);
  } else if (isObject(vocabulary)) {
    for (const [token, id] of Object.entries(vocabulary)) ids.set(token, Number(id));
  }
  for (const token of addedTokensOf(tokenizer)) ids.set(String(token.content), Number(token.id));
  return ids;
}

/** The largest id of a token; -1 without any. */
export function largestTokenId(tokenizer: Json): number {
  let largest = -1;
  for (const id of tokenIds(tokenizer).values()) largest = Math.max(largest, id);
  return largest;
}
