/** @file Which ids of the vocabulary have a part to play. */
import { ggufInvalid } from "./gguf-error.js";
import type { GgufFile } from "./read-gguf.js";

/** Ids in the vocabulary; null where there is none. */
export interface SpecialTokenIds {
  readonly bos: number | null;
  readonly eos: number | null;
  readonly unk: number | null;
  readonly pad: number | null;
  /** What ends a text or a turn: the end token first. */
  readonly stop: readonly number[];
}

/**
 * The ids that the metadata names. As in llama.cpp, SentencePiece vocabularies have 0, 1 and 2 for unknown, beginning
 * and end where nothing else is said.
 *
 * @throws {DataError} `GGUF_INVALID` for an id that is no token
 */
export function specialTokenIds({ path, metadata }: GgufFile): SpecialTokenIds {
  const size = metadata.strings("tokenizer.ggml.tokens")?.length ?? 0;
  const isSentencePiece = metadata.string("tokenizer.ggml.model") === "llama";
  const id = (name: string, fallback: number | null = null): number | null => {
    const key = `tokenizer.ggml.${name}_token_id`;
    const value = metadata.number(key) ?? (isSentencePiece ? fallback : null);
    if (value === null || (Number.isInteger(value) && value >= 0 && value < size)) return value;
    // Converters write -1, also as an unsigned number, where there is no such token.
    if (value === -1 || value === 2 ** 32 - 1) return null;
    throw ggufInvalid(path, `${key} is ${value}, but the vocabulary has the ids 0 to ${size - 1}`);
  };
  const eos = id("eos", 2);
  const stop = [eos, id("eot"), id("eom")].filter((token) => token !== null);
  return {
    bos: id("bos", 1),
    eos,
    unk: id("unknown", 0),
    pad: id("padding"),
    stop: [...new Set(stop)],
  };
}
