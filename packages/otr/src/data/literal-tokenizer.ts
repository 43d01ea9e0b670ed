/**
 * @file Encodes text in which some control tokens are meant as tokens and others, broken by a mark, as ordinary text.
 *
 * In a copy of the tokenizer each control token has another text, which nobody can write. Those that are meant are given
 * that text before encoding; the others are ordinary text to the copy.
 */
import type { Tokenizer as NativeTokenizer } from "tokenizers";
import { DataError } from "../errors.js";
import { buildTokenizer } from "./build-tokenizer.js";
import { ControlTokens, LITERAL_MARK, withoutLiteralMarks } from "./control-tokens.js";
import { countCodePoints } from "./count-code-points.js";
import { encodeTexts, type TokenizerLimits } from "./run-tokenizer.js";
import type { TokenizerFiles } from "./tokenizer-files.js";
import { type TokenizedText, tokenizedText } from "./tokenized-text.js";

/** Behind the mark, which stands for a control token then, the first of the characters that number them. */
const FIRST_NUMBER = 0xf0000;

/** A stand-in has two characters: the mark and a number. */
const STAND_IN_LENGTH = 2;

/** The copy of a tokenizer that {@link ControlTokens} marks are for. */
export class LiteralTokenizer {
  readonly #limits: TokenizerLimits;
  readonly #native: NativeTokenizer;
  readonly #controlTokens: ControlTokens;
  /** By the text of a control token. */
  readonly #standIns: ReadonlyMap<string, string>;
  readonly #controlIds: ReadonlySet<number>;

  /** @param idOf the id of an added token in the tokenizer itself, which knows all of them */
  constructor(
    folder: string,
    files: TokenizerFiles,
    controlTokens: readonly string[],
    idOf: (token: string) => number | null,
  ) {
    this.#limits = { folder, longestText: files.longestText };
    this.#controlTokens = new ControlTokens(controlTokens);
    const { breakable } = this.#controlTokens;
    this.#standIns = new Map(
      breakable.map((token, index) => [token, LITERAL_MARK + String.fromCodePoint(FIRST_NUMBER + index)]),
    );
    const rename = (content: string) => this.#standIns.get(content) ?? content;
    const added = [...files.addedTokens, ...files.missingTokens].map(({ content }) => content);
    const ids = new Map(added.map((content) => [rename(content), idOf(content)!] as const));
    const missing = files.missingTokens.map((token) => ({ ...token, content: rename(token.content) }));
    const tokenizer: TokenizerJson = JSON.parse(files.json);
    this.#native = buildTokenizer(folder, renamedTokenizer(tokenizer, rename, ids), missing);
    const unknown = unknownToken(tokenizer, files.namedTokens);
    this.#controlIds = new Set(breakable.filter((token) => token !== unknown).map((token) => idOf(token)!));
  }

  /**
   * Ids and offsets of texts with marks, the offsets in the texts without them.
   * @throws {DataError} `CONTROL_TOKEN_UNAVOIDABLE` where the vocabulary itself makes a control token of ordinary text
   */
  async encode(texts: readonly string[], addSpecialTokens: boolean): Promise<TokenizedText[]> {
    const prepared = texts.map((text) => this.#prepare(text));
    const plain = prepared.map(({ text }) => text);
    const encodings = await encodeTexts(this.#native, this.#limits, plain, addSpecialTokens);
    return encodings.map((encoding, index) => {
      const { ids, offsets } = tokenizedText(encoding);
      const { toOriginal, standIns } = prepared[index]!;
      const isUnmeant = (id: number, at: number) => {
        if (!this.#controlIds.has(id)) return false;
        // Some tokens take the white space around them along.
        const [start, end] = offsets[at]!;
        for (let position = start; position < end; position++) if (standIns.has(position)) return false;
        // Those that the tokenizer puts around a text stand for none of it.
        return end > start;
      };
      if (ids.some(isUnmeant)) {
        throw new DataError(
          "CONTROL_TOKEN_UNAVOIDABLE",
          "a message holds the text of a control token, and the tokenizer's vocabulary makes that token of it in any " +
            "case; remove the text from the message",
        );
      }
      return { ids, offsets: offsets.map(([start, end]) => [toOriginal(start), toOriginal(end)] as const) };
    });
  }

  #prepare(marked: string): {
    readonly text: string;
    /** Turns a position of `text` into one of the text without marks; both in code points. */
    readonly toOriginal: (position: number) => number;
    /** Where stand-ins start, in code points of `text`. */
    readonly standIns: ReadonlySet<number>;
  } {
    const pieces: string[] = [];
    const starts: number[] = [];
    /** By how much positions behind each stand-in move. */
    const shifts: number[] = [];
    let position = 0;
    let shift = 0;
    let from = 0;
    const take = (piece: string) => {
      const plain = withoutLiteralMarks(piece);
      pieces.push(plain);
      position += countCodePoints(plain);
    };
    for (const { token, index } of this.#controlTokens.find(marked)) {
      take(marked.slice(from, index));
      from = index + token.length;
      starts.push(position);
      pieces.push(this.#standIns.get(token)!);
      position += STAND_IN_LENGTH;
      shift += countCodePoints(token) - STAND_IN_LENGTH;
      shifts.push(shift);
    }
    take(marked.slice(from));
    let next = 0;
    const toOriginal = (at: number) => {
      while (next < starts.length && starts[next]! + STAND_IN_LENGTH <= at) next += 1;
      while (next > 0 && starts[next - 1]! + STAND_IN_LENGTH > at) next -= 1;
      return at + (next === 0 ? 0 : shifts[next - 1]!);
    };
    return { text: pieces.join(""), toOriginal, standIns: new Set(starts) };
  }
}

interface TokenizerJson {
  readonly added_tokens?: readonly { readonly content?: unknown }[];
  readonly model?: { readonly vocab?: unknown; readonly unk_token?: unknown; readonly unk_id?: unknown };
}

/** What stands for text that the vocabulary lacks, and for nothing else: any text may become it. */
function unknownToken(
  { model }: TokenizerJson,
  namedTokens: TokenizerFiles["namedTokens"],
): string | undefined {
  const { vocab, unk_token: written, unk_id: id } = model ?? {};
  const token: unknown = Array.isArray(vocab) && typeof id === "number" ? vocab[id]?.[0] : written;
  const hasOtherUse = [...namedTokens].some(([name, text]) => text === token && name !== "unk_token");
  return typeof token === "string" && !hasOtherUse ? token : undefined;
}

/** The `tokenizer.json` with other texts for control tokens, which keep their ids: the vocabulary lists them. */
function renamedTokenizer(
  tokenizer: TokenizerJson,
  rename: (content: string) => string,
  ids: ReadonlyMap<string, number>,
): string {
  const addedTokens = tokenizer.added_tokens?.map((token) =>
    typeof token.content === "string" ? { ...token, content: rename(token.content) } : token,
  );
  const { vocab } = tokenizer.model ?? {};
  const renamedVocab = Array.isArray(vocab)
    ? renamedPieces(vocab, rename)
    : { ...Object(vocab), ...Object.fromEntries(ids) };
  return JSON.stringify({
    ...tokenizer,
    added_tokens: addedTokens,
    model: { ...tokenizer.model, vocab: renamedVocab },
  });
}

/** A Unigram vocabulary: a list of pieces with scores, whose positions are the ids. */
function renamedPieces(vocab: readonly unknown[], rename: (content: string) => string): unknown[] {
  return vocab.map((entry) => (Array.isArray(entry) ? [rename(String(entry[0])), ...entry.slice(1)] : entry));
}
