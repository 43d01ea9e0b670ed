/** @file Runs the native tokenizer, whose failures it turns into errors that name the file. */
import { join } from "node:path";
import type { Encoding, Tokenizer as NativeTokenizer } from "tokenizers";
import { DataError } from "../errors.js";
import { libraryReason } from "./library-reason.js";

/** The library ends the process where one step of a pattern goes through more characters than about 10 million. */
const LONGEST_RUN = 5_000_000;

/** Where a tokenizer is from, and how many characters it takes at once. */
export interface TokenizerLimits {
  readonly folder: string;
  readonly longestText: number;
}

/**
 * What the tokenizer of a folder makes of texts.
 *
 * @throws {DataError} `TEXT_TOO_LONG` for a run of white space that the patterns of most tokenizers cannot take, and for a
 *   text beyond the tokenizer's own limit; `TOKENIZER_FAILED` for a text that the vocabulary has no tokens for
 */
export async function encodeTexts(
  native: NativeTokenizer,
  { folder, longestText }: TokenizerLimits,
  texts: readonly string[],
  addSpecialTokens: boolean,
): Promise<Encoding[]> {
  checkRuns(texts);
  checkLengths(texts, folder, longestText);
  try {
    return await native.encodeBatch([...texts], { addSpecialTokens });
  } catch (error) {
    throw failed(folder, "encode", error);
  }
}

/**
 * The text of ids.
 *
 * @throws {DataError} `TOKENIZER_FAILED`
 */
export async function decodeIds(
  native: NativeTokenizer,
  folder: string,
  ids: readonly number[],
  skipSpecialTokens: boolean,
): Promise<string> {
  try {
    return await native.decode([...ids], skipSpecialTokens);
  } catch (error) {
    throw failed(folder, "decode", error);
  }
}

const failed = (folder: string, what: string, error: unknown): DataError =>
  new DataError(
    "TOKENIZER_FAILED",
    `${join(folder, "tokenizer.json")} cannot ${what} what it was given (${libraryReason(error)}); use the tokenizer the model was made with`,
    { cause: error },
  );

function checkLengths(texts: readonly string[], folder: string, longestText: number): void {
  const text = texts.find(({ length }) => length > longestText);
  if (text === undefined) return;
  throw new DataError(
    "TEXT_TOO_LONG",
    `a text has ${text.length.toLocaleString("en")} characters, and the time that a pattern in ${join(folder, "tokenizer.json")} takes may grow with their square, so at most ${longestText.toLocaleString("en")} are read at once; shorten the row that begins ${JSON.stringify(text.slice(0, 40))}, or use another tokenizer`,
  );
}

function checkRuns(texts: readonly string[]): void {
  for (const text of texts) {
    if (text.length <= LONGEST_RUN) continue;
    for (const [run] of text.matchAll(/\s+/g)) {
      if (run.length <= LONGEST_RUN) continue;
      throw new DataError(
        "TEXT_TOO_LONG",
        `a text has ${run.length.toLocaleString("en")} white space characters in a row, and at most ${LONGEST_RUN.toLocaleString("en")} can be made into tokens; shorten the row that begins ${JSON.stringify(text.slice(0, 40))}`,
      );
    }
  }
}
