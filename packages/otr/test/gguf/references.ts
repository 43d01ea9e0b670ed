/** @file What `test/peers/make_gguf.py` has written. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Absolute path of a file that the script has written. */
export const reference = (name: string): string =>
  fileURLToPath(new URL(`../references/gguf/${name}`, import.meta.url));

/** Texts, and the ids that sentencepiece and the tokenizers library make of them. */
export const referenceTokens = (): {
  texts: string[];
  sentencepiece: number[][];
  byteLevel: number[][];
} => JSON.parse(readFileSync(reference("tokens.json"), "utf8"));
