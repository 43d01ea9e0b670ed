import type { Encoding } from "tokenizers";

/** Token ids with the part of the text that each stands for. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** For each token `[start, end)` in Unicode code points of the text without literal marks. */
  readonly offsets: readonly (readonly [number, number])[];
}

/** What the native tokenizer made of a text. */
export function tokenizedText(encoding: Encoding): TokenizedText {
  // Two numbers each; a copy of that type would cost more than all else here.
  return { ids: encoding.getIds(), offsets: encoding.getOffsets() as [number, number][] };
}
