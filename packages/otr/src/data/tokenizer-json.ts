/** @file What stands in a `tokenizer.json`, and other JSON files beside it. */
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";

/** A JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** Several times as many as the largest vocabularies need. */
export const MOST_BYTES = 2 ** 28;

/**
 * The object of a JSON file.
 *
 * @throws {DataError} `TOKENIZER_INVALID`, `FILE_UNREADABLE`
 */
export function readJsonObject(path: string): Json {
  const text = readBounded(path, MOST_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
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

/** An object as it is; anything else as one without members. */
export const asObject = (value: unknown): Json => (isObject(value) ? value : {});

/** A list as it is; anything else as an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The entries of `added_tokens`. */
export const addedTokensOf = ({ added_tokens: tokens }: Json): readonly Json[] =>
  asList(tokens)
    .filter(isObject)
    .filter(({ content }) => typeof content === "string");

/** The id of each token of the vocabulary, and of those beside it; entries that are none are passed over. */
export function tokenIds(tokenizer: Json): Map<string, number> {
  const ids = new Map<string, number>();
  const add = (token: unknown, id: unknown) => {
    if (typeof token === "string" && typeof id === "number") ids.set(token, id);
  };
  const vocabulary = isObject(tokenizer.model) ? tokenizer.model.vocab : undefined;
  // Unigram vocabularies are lists of pairs, whose positions are the ids; the others map token to id.
  if (Array.isArray(vocabulary)) {
    for (const [id, entry] of vocabulary.entries()) if (Array.isArray(entry)) add(entry[0], id);
  } else if (isObject(vocabulary)) {
    for (const [token, id] of Object.entries(vocabulary)) add(token, id);
  }
  for (const { content, id } of addedTokensOf(tokenizer)) add(content, id);
  return ids;
}
