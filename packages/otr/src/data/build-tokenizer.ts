/** @file The native tokenizer from the text of a `tokenizer.json`. */
import { join } from "node:path";
import { AddedToken, Tokenizer as NativeTokenizer } from "tokenizers";
import { DataError } from "../errors.js";
import { libraryReason } from "./library-reason.js";
import type { AddedTokenEntry } from "./tokenizer-files.js";

/**
 * Builds a tokenizer that neither cuts nor pads.
 * @param added tokens that the file does not list
 * @throws {DataError} `TOKENIZER_INVALID`
 */
export function buildTokenizer(
  folder: string,
  json: string,
  added: readonly AddedTokenEntry[],
): NativeTokenizer {
  let native: NativeTokenizer;
  try {
    native = NativeTokenizer.fromString(json);
  } catch (error) {
    throw new DataError(
      "TOKENIZER_INVALID",
      `${join(folder, "tokenizer.json")} is no tokenizer that the tokenizers library reads (${libraryReason(error)}); fetch the file again`,
      { cause: error },
    );
  }
  // Some files bring a truncation or padding along, which would cut or fill rows in silence.
  native.disableTruncation();
  native.disablePadding();
  const tokens = added.map(({ content, special, ...flags }) => new AddedToken(content, special, flags));
  if (tokens.length > 0) native.addAddedTokens(tokens);
  return native;
}
