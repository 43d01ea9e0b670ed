/** @file Makes the BPE of a `tokenizer.json` from a SentencePiece vocabulary, which has scores instead of merges. */
import { ggufInvalid } from "./gguf-error.js";
import type { GgufFile } from "./read-gguf.js";
import { specialTokenIds } from "./special-tokens.js";
import type { TokenizerParts } from "./tokenizer-parts.js";
import { TOKEN_TYPE, type Vocabulary } from "./vocabulary.js";

const SPACE = "\u2581";

/** SentencePiece's own limit is 16 unless told otherwise; each split of a token is looked at. */
const LONGEST_TOKEN = 256;
/** Gemma's 256,000 tokens have some 580,000. */
const MOST_MERGES = 2 ** 22;

/**
 * What a `tokenizer.json` holds for `tokenizer.ggml.model` "llama".
 *
 * @throws {DataError} `GGUF_INVALID` where scores are missing, a token is too long, or there are too many ways to make them
 */
export function sentencePieceBpe(file: GgufFile, vocabulary: Vocabulary): TokenizerParts {
  const { unk } = specialTokenIds(file);
  const addsSpace = file.metadata.boolean("tokenizer.ggml.add_space_prefix") ?? true;
  const prepend = { type: "Prepend", prepend: SPACE };
  const replace = { type: "Replace", pattern: { String: " " }, content: SPACE };
  const decoders = [
    { type: "Replace", pattern: { String: SPACE }, content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
    ...(addsSpace ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
  ];
  return {
    normalizer: { type: "Sequence", normalizers: addsSpace ? [prepend, replace] : [replace] },
    preTokenizer: null,
    postProcessor: null,
    decoder: { type: "Sequence", decoders },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: unk === null ? null : vocabulary.tokens[unk],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: vocabulary.types.includes(TOKEN_TYPE.byte),
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.ids),
      merges: mergesFromScores(file, vocabulary),
    },
    addsBos: true,
  };
}

interface Merge {
  readonly left: string;
  readonly right: string;
  /** In characters. */
  readonly leftLength: number;
  readonly rightLength: number;
}

/**
 * Every way to make a token of two others, the best score first. Among equal scores the order is that of
 * `generate_merges` in transformers' `convert_slow_tokenizer.py`: the longer left part first, then the longer right one.
 */
function mergesFromScores(file: GgufFile, vocabulary: Vocabulary): [string, string][] {
  const { tokens, types, ids } = vocabulary;
  const scores = readScores(file, tokens.length);
  const isNormal = (id: number | undefined): id is number =>
    id !== undefined && types[id] === TOKEN_TYPE.normal;
  const normal = [...tokens.keys()].filter(isNormal);
  const long = normal.find((id) => tokens[id]!.length > 2 * LONGEST_TOKEN);
  if (long !== undefined)
    throw ggufInvalid(file.path, `token ${long} has more than ${LONGEST_TOKEN} characters`);
  const merges: [string, string][] = [];
  for (const equals of runsOfEqualScore(normal, scores)) {
    const ways: Merge[] = [];
    for (const id of equals) {
      ways.push(...waysToMake(tokens[id]!, (part) => isNormal(ids.get(part))));
      if (merges.length + ways.length > MOST_MERGES) {
        throw ggufInvalid(
          file.path,
          `its tokens can be made of each other in more than ${MOST_MERGES} ways, which no SentencePiece vocabulary has`,
        );
      }
    }
    ways.sort((a, b) => b.leftLength - a.leftLength || b.rightLength - a.rightLength);
    for (const { left, right } of ways) merges.push([left, right]);
  }
  return merges;
}

/** Of each token; the better ones are merged first. */
function readScores({ path, metadata }: GgufFile, count: number): readonly number[] {
  // Gemma's tokens stand in the order of their merges, and scores in its files do not: transformers goes by the order.
  if (metadata.string("general.architecture")?.startsWith("gemma"))
    return Array.from({ length: count }, (_, id) => -id);
  const scores = metadata.numbers("tokenizer.ggml.scores");
  if (scores?.length === count) return scores;
  throw ggufInvalid(
    path,
    `tokenizer.ggml.scores tells of ${scores?.length ?? 0} of ${count} tokens, and merges follow from them`,
  );
}

/** The ids by falling score, those of one score together. */
function runsOfEqualScore(ids: readonly number[], scores: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const id of ids.toSorted((a, b) => scores[b]! - scores[a]!)) {
    const run = runs.at(-1);
    if (run && scores[run[0]!] === scores[id]) run.push(id);
    else runs.push([id]);
  }
  return runs;
}

function waysToMake(token: string, isToken: (part: string) => boolean): Merge[] {
  const characters = Array.from(token);
  const ways: Merge[] = [];
  let at = 0;
  for (let leftLength = 1; leftLength < characters.length; leftLength++) {
    at += characters[leftLength - 1]!.length;
    const left = token.slice(0, at);
    const right = token.slice(at);
    if (!isToken(left) || !isToken(right)) continue;
    ways.push({ left, right, leftLength, rightLength: characters.length - leftLength });
  }
  return ways;
}
