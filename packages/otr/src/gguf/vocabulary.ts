/** @file The tokens of a GGUF file with their kinds. */
import { ggufInvalid } from "./gguf-error.js";
import type { GgufFile } from "./read-gguf.js";

/** As llama.cpp numbers them. */
export const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** Tokens by id. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  /** Of each token, one of {@link TOKEN_TYPE}; all normal where the file does not say it. */
  readonly types: readonly number[];
  readonly ids: ReadonlyMap<string, number>;
}

/**
 * Reads the vocabulary. Tokens without a text are named as llama.cpp names them, so that each has one of its own.
 *
 * @throws {DataError} `GGUF_INVALID` where it is missing, has two equal tokens, or kinds for another number of tokens
 */
export function readVocabulary({ path, metadata }: GgufFile): Vocabulary {
  const listed = metadata.strings("tokenizer.ggml.tokens");
  if (listed === null || listed.length === 0) {
    throw ggufInvalid(path, "it lacks the tokens of its vocabulary (tokenizer.ggml.tokens)");
  }
  const tokens = listed.map((token, id) => (token === "" ? `[EMPTY_${id}]` : token));
  const types = metadata.numbers("tokenizer.ggml.token_type") ?? tokens.map(() => TOKEN_TYPE.normal);
  if (types.length !== tokens.length) {
    throw ggufInvalid(path, `tokenizer.ggml.token_type tells of ${types.length} of ${tokens.length} tokens`);
  }
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = ids.get(token);
    if (other !== undefined) {
      throw ggufInvalid(path, `the tokens ${other} and ${id} are both ${JSON.stringify(token.slice(0, 80))}`);
    }
    ids.set(token, id);
  }
  return { tokens, types, ids };
}
