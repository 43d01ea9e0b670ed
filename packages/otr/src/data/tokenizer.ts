/** @file Text to token ids and back, by the `tokenizer.json` of a model folder. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { AddedToken, type Encoding, Tokenizer as NativeTokenizer } from "tokenizers";
import { DataError } from "../errors.js";
import { modelFolder } from "../models/model-folder.js";
import { readTokenizerFiles, type TokenizerFiles } from "./tokenizer-files.js";

export interface EncodeOptions {
  /** Whether the tokenizer adds the tokens it puts around a text, such as the beginning token. Default: true. */
  readonly addSpecialTokens?: boolean;
}

export interface DecodeOptions {
  /** Leave out special tokens. Default: false. */
  readonly skipSpecialTokens?: boolean;
}

/** Token ids with the part of the text that each stands for. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** For each token `[start, end)` in Unicode code points of the text without {@link LITERAL_MARK}s. */
  readonly offsets: readonly (readonly [number, number])[];
}

/**
 * A mark that breaks up the text of a special token, so that it is encoded as ordinary text. It becomes no token
 * itself. (U+FDD0 is a noncharacter: Unicode keeps it for a program's inner use.)
 */
export const LITERAL_MARK = "\uFDD0";

export interface Tokenizer {
  /** The folder it was loaded from. */
  readonly folder: string;
  /** The largest token id plus one. */
  readonly vocabSize: number;
  readonly bosTokenId: number | null;
  readonly eosTokenId: number | null;
  readonly padTokenId: number | null;
  /** Ids that end generation: the end token and those of `generation_config.json`. */
  readonly stopTokenIds: readonly number[];
  /** `bos_token`, `eos_token`, ... where they are set: what a chat template may write. */
  readonly namedTokens: ReadonlyMap<string, string>;
  /** The text of every special token and of every token that ends generation: what a user must not be able to write. */
  readonly controlTokens: readonly string[];
  readonly chatTemplate: string | null;
  /** Names of the tokenizer's files in its folder: what a folder with a fine-tuned model needs of them. */
  readonly files: readonly string[];
  /** SHA-256 of everything that was read from the folder, in hexadecimal digits. */
  readonly fingerprint: string;
  encode(text: string, options?: EncodeOptions): Promise<number[]>;
  encodeBatch(texts: readonly string[], options?: EncodeOptions): Promise<number[][]>;
  encodeWithOffsets(texts: readonly string[], options?: EncodeOptions): Promise<TokenizedText[]>;
  decode(ids: readonly number[], options?: DecodeOptions): Promise<string>;
}

/**
 * Loads the tokenizer of a model folder or a GGUF file: `tokenizer.json`, with the special tokens and the chat template that the
 * files beside it name. As in Transformers 5, which tokens are put around a text is what `tokenizer.json` says;
 * `add_bos_token` and `add_eos_token` of `tokenizer_config.json` are not read beside it.
 * @throws DataError `TOKENIZER_MISSING` or `TOKENIZER_INVALID`, with what was found and how to mend it
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const folder = await modelFolder(path);
  return new FolderTokenizer(folder, readTokenizerFiles(folder));
}

/**
 * Checks that every id of the tokenizer has a row in the model's embedding. A larger embedding is fine.
 * @throws DataError `TOKENIZER_DOES_NOT_FIT`
 */
export function checkTokenizerFitsModel(tokenizer: Tokenizer, modelVocabSize: number): void {
  if (tokenizer.vocabSize <= modelVocabSize) return;
  throw new DataError(
    "TOKENIZER_DOES_NOT_FIT",
    `the tokenizer in ${tokenizer.folder} has ids up to ${tokenizer.vocabSize - 1}, but the model's vocab_size is ` +
      `${modelVocabSize}, so the largest allowed id is ${modelVocabSize - 1}; use the tokenizer the model was made with`,
  );
}

class FolderTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly bosTokenId: number | null;
  readonly eosTokenId: number | null;
  readonly padTokenId: number | null;
  readonly stopTokenIds: readonly number[];
  readonly namedTokens: ReadonlyMap<string, string>;
  readonly controlTokens: readonly string[];
  readonly chatTemplate: string | null;
  readonly files: readonly string[];
  readonly fingerprint: string;
  readonly #json: string;
  readonly #extraTokens: readonly AddedToken[];
  readonly #native: NativeTokenizer;
  /** A second tokenizer that knows the literal mark; made when a text first needs it. */
  #marked: { native: NativeTokenizer; markId: number } | undefined;

  constructor(
    readonly folder: string,
    files: TokenizerFiles,
  ) {
    this.#json = files.json;
    this.#extraTokens = files.missingTokens.map(
      ({ content, special, ...flags }) => new AddedToken(content, special, flags),
    );
    this.#native = this.#build([]);
    this.namedTokens = files.namedTokens;
    this.chatTemplate = files.chatTemplate;
    this.files = files.files;
    const { json, ...others } = files;
    this.fingerprint = createHash("sha256")
      .update(json)
      .update(JSON.stringify({ ...others, namedTokens: [...others.namedTokens] }))
      .digest("hex");
    this.bosTokenId = this.#idOf(files, "bos_token");
    this.eosTokenId = this.#idOf(files, "eos_token");
    this.padTokenId = this.#idOf(files, "pad_token");
    const eosIds = this.eosTokenId === null ? [] : [this.eosTokenId];
    this.stopTokenIds = [...new Set([...eosIds, ...files.generationStopIds])];

    const tokens = [...files.addedTokens, ...files.missingTokens];
    const control = tokens.filter((token) => token.special).map((token) => token.content);
    for (const id of this.stopTokenIds) control.push(this.#native.idToToken(id) ?? "");
    this.controlTokens = [...new Set(control)].filter((token) => token !== "");
    const extraIds = files.missingTokens.map((token) => this.#native.tokenToId(token.content) ?? -1);
    this.vocabSize = extraIds.reduce((largest, id) => Math.max(largest, id), files.largestId) + 1;
  }

  async encode(text: string, options: EncodeOptions = {}): Promise<number[]> {
    const [ids] = await this.encodeBatch([text], options);
    return ids!;
  }

  async encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Promise<number[][]> {
    if (texts.some((text) => text.includes(LITERAL_MARK))) {
      const tokenized = await this.encodeWithOffsets(texts, options);
      return tokenized.map(({ ids }) => [...ids]);
    }
    const encodings = await this.#native.encodeBatch([...texts], nativeOptions(options));
    return encodings.map((encoding) => encoding.getIds());
  }

  async encodeWithOffsets(texts: readonly string[], options: EncodeOptions = {}): Promise<TokenizedText[]> {
    const marked = texts.map((text) => text.includes(LITERAL_MARK));
    const plainTexts = texts.filter((_, index) => !marked[index]);
    const markedTexts = texts.filter((_, index) => marked[index]);
    const plain =
      plainTexts.length > 0 ? await this.#native.encodeBatch(plainTexts, nativeOptions(options)) : [];
    const withMarks = markedTexts.length > 0 ? await this.#encodeMarked(markedTexts, options) : [];
    let nextPlain = 0;
    let nextMarked = 0;
    return marked.map((isMarked) =>
      isMarked ? withMarks[nextMarked++]! : tokenizedText(plain[nextPlain++]!),
    );
  }

  async decode(ids: readonly number[], options: DecodeOptions = {}): Promise<string> {
    return this.#native.decode([...ids], options.skipSpecialTokens ?? false);
  }

  async #encodeMarked(texts: readonly string[], options: EncodeOptions): Promise<TokenizedText[]> {
    if (!this.#marked) {
      const native = this.#build([new AddedToken(LITERAL_MARK, true, { normalized: false })]);
      this.#marked = { native, markId: native.tokenToId(LITERAL_MARK)! };
    }
    const { native, markId } = this.#marked;
    const encodings = await native.encodeBatch([...texts], nativeOptions(options));
    return encodings.map((encoding) => withoutMarks(tokenizedText(encoding), markId));
  }

  #build(tokens: readonly AddedToken[]): NativeTokenizer {
    let native: NativeTokenizer;
    try {
      native = NativeTokenizer.fromString(this.#json);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError(
        "TOKENIZER_INVALID",
        `${join(this.folder, "tokenizer.json")} is no tokenizer that the tokenizers library reads (${reason}); fetch the file again`,
        { cause: error },
      );
    }
    // Some files bring a truncation or padding along, which would cut or fill rows in silence.
    native.disableTruncation();
    native.disablePadding();
    const added = [...this.#extraTokens, ...tokens];
    if (added.length > 0) native.addAddedTokens(added);
    return native;
  }

  #idOf(files: TokenizerFiles, name: string): number | null {
    const token = files.namedTokens.get(name);
    return token === undefined ? null : this.#native.tokenToId(token);
  }
}

function nativeOptions(options: EncodeOptions): { addSpecialTokens: boolean } {
  return { addSpecialTokens: options.addSpecialTokens ?? true };
}

function tokenizedText(encoding: Encoding): TokenizedText {
  // Two numbers each; a copy of that type would cost more than all else here.
  return { ids: encoding.getIds(), offsets: encoding.getOffsets() as [number, number][] };
}

/** Takes the marks out again and moves the offsets to where they are in the text without them. */
function withoutMarks({ ids, offsets }: TokenizedText, markId: number): TokenizedText {
  const kept = ids.flatMap((id, index) => (id === markId ? [] : [index]));
  const markStarts = ids.flatMap((id, index) => (id === markId ? [offsets[index]![0]] : []));
  const moved = (position: number): number => {
    let marksBefore = 0;
    while (marksBefore < markStarts.length && markStarts[marksBefore]! < position) marksBefore += 1;
    return position - marksBefore;
  };
  return {
    ids: kept.map((index) => ids[index]!),
    offsets: kept.map((index) => [moved(offsets[index]![0]), moved(offsets[index]![1])] as const),
  };
}
