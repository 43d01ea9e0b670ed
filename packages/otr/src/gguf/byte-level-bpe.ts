/** @file Makes the byte-level BPE of a `tokenizer.json` from a vocabulary with merges. */
import { ggufInvalid, ggufUnsupported } from "./gguf-error.js";
import { PRE_TOKENIZERS } from "./pre-tokenizers.js";
import type { GgufFile } from "./read-gguf.js";
import type { TokenizerParts } from "./tokenizer-parts.js";
import type { Vocabulary } from "./vocabulary.js";

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };

/**
 * What a `tokenizer.json` holds for `tokenizer.ggml.model` "gpt2".
 *
 * @throws {DataError} `GGUF_INVALID` for missing or impossible merges, `GGUF_UNSUPPORTED` for an unknown way to split
 */
export function byteLevelBpe(file: GgufFile, { ids }: Vocabulary): TokenizerParts {
  const { path, metadata } = file;
  const name = metadata.string("tokenizer.ggml.pre");
  if (name === null) {
    throw ggufUnsupported(
      path,
      "it does not say how texts are split into words (tokenizer.ggml.pre), as files of early 2024, so that some texts would get wrong tokens",
      "convert the model again, or take a newer file",
    );
  }
  const preTokenizer = Object.hasOwn(PRE_TOKENIZERS, name) ? PRE_TOKENIZERS[name] : undefined;
  if (!preTokenizer) {
    throw ggufUnsupported(
      path,
      `its texts are split as ${JSON.stringify(name)} (tokenizer.ggml.pre)`,
      `known are ${Object.keys(PRE_TOKENIZERS).join(", ")}; give the Hugging Face folder of the model`,
    );
  }
  const splits = preTokenizer.expressions.map((expression) => ({
    type: "Split",
    pattern: { Regex: expression },
    behavior: "Isolated",
    invert: false,
  }));
  return {
    normalizer: preTokenizer.normalizesToNfc ? { type: "NFC" } : null,
    preTokenizer: { type: "Sequence", pretokenizers: [...splits, byteLevel] },
    postProcessor: byteLevel,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: preTokenizer.ignoresMerges ?? false,
      vocab: Object.fromEntries(ids),
      merges: readMerges(file, ids),
    },
    addsBos: preTokenizer.addsBos ?? false,
  };
}

/** Pairs of tokens. In the file a space stands between the two, which no token of bytes has. */
function readMerges({ path, metadata }: GgufFile, ids: ReadonlyMap<string, number>): [string, string][] {
  const merges = metadata.strings("tokenizer.ggml.merges");
  if (merges === null)
    throw ggufInvalid(path, "it lacks the merges of its vocabulary (tokenizer.ggml.merges)");
  return merges.map((merge, index) => {
    const space = merge.indexOf(" ", 1);
    const left = merge.slice(0, space);
    const right = merge.slice(space + 1);
    if (space > 0 && ids.has(left) && ids.has(right) && ids.has(left + right)) return [left, right];
    const shown = JSON.stringify(merge.slice(0, 80));
    throw ggufInvalid(
      path,
      `merge ${index} of its vocabulary, ${shown}, is not made of tokens, or makes none`,
    );
  });
}
