/** @file Text to token ids and back, by the `tokenizer.json` of a model folder. */
import { createHash } from "node:crypto";
import type { Encoding, Tokenizer as NativeTokenizer } from "tokenizers";
import { DataError } from "../errors.js";
import { modelFolder } from "../models/model-folder.js";
import { buildTokenizer } from "./build-tokenizer.js";
import { LITERAL_MARK, withoutLiteralMarks } from "./control-tokens.js";
import { LiteralTokenizer } from "./literal-tokenizer.js";
import { LostCharacters, withoutCharacters } from "./lost-characters.js";
import { decodeIds, encodeTexts } from "./run-tokenizer.js";
import { type TokenizedText, tokenizedText } from "./tokenized-text.js";
import { readTokenizerFiles, type TokenizerFiles } from "./tokenizer-files.js";

/** How text becomes ids. */
export interface EncodeOptions {
  /** Whether the tokenizer adds the tokens it puts around a text, such as the beginning token. Default: true. */
  readonly addSpecialTokens?: boolean;
}

/** How ids become text. */
export interface DecodeOptions {
  /** Leave out special tokens. Default: false. */
  readonly skipSpecialTokens?: boolean;
}

/** Text to token ids and back, as the model of a folder was made with. */
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
  /**
   * The text of every added token that is special or ends generation: what a user must not be able to write. A
   * {@link LITERAL_MARK} in such a text makes it ordinary text when it is encoded.
   */
  readonly controlTokens: readonly string[];
  readonly chatTemplate: string | null;
  /** Names of the tokenizer's files in its folder: what a folder with a fine-tuned model needs of them. */
  readonly files: readonly string[];
  /** SHA-256 of everything that was read from the folder, in hexadecimal digits. */
  readonly fingerprint: string;
  encode(text: string, options?: EncodeOptions): Promise<number[]>;
  encodeBatch(texts: readonly string[], options?: EncodeOptions): Promise<number[][]>;
  encodeWithOffsets(texts: readonly string[], options?: EncodeOptions): Promise<TokenizedText[]>;
  /** For each text the characters that there is no token for, each once: they are dropped, or become the unknown token. */
  lostCharacters(texts: readonly string[]): Promise<(readonly string[])[]>;
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
  readonly #files: TokenizerFiles;
  readonly #native: NativeTokenizer;
  readonly #lost: LostCharacters | null;
  /** Whether there is no unknown token for lost characters: the library's offsets are wrong behind them. */
  readonly #dropsLost: boolean;
  /** A second tokenizer, for texts with marks; made when a text first needs it. */
  #literal: LiteralTokenizer | undefined;

  constructor(
    readonly folder: string,
    files: TokenizerFiles,
  ) {
    this.#files = files;
    this.#native = buildTokenizer(folder, files.json, files.missingTokens);
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
    const stopTokens = new Set(this.stopTokenIds.map((id) => this.#native.idToToken(id)));
    const control = tokens.filter(({ special, content }) => special || stopTokens.has(content));
    this.controlTokens = [...new Set(control.map(({ content }) => content))];
    this.#dropsLost = files.characterLoss?.unknownId === null;
    const encodeAlone = (characters: readonly string[]) =>
      this.encodeBatch(characters, { addSpecialTokens: false });
    this.#lost =
      files.characterLoss && new LostCharacters(files.characterLoss, this.controlTokens, encodeAlone);
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
    const encodings = await this.#encode(texts, options);
    return encodings.map((encoding) => encoding.getIds());
  }

  async encodeWithOffsets(texts: readonly string[], options: EncodeOptions = {}): Promise<TokenizedText[]> {
    const lost = this.#dropsLost ? await this.lostCharacters(texts) : [];
    if (lost.every(({ length }) => length === 0)) return this.#encodeWithOffsets(texts, options);
    const kept = texts.map((text, index) => withoutCharacters(text, lost[index]!));
    const tokenized = await this.#encodeWithOffsets(
      kept.map(({ text }) => text),
      options,
    );
    return tokenized.map(({ ids, offsets }, index) => ({ ids, offsets: kept[index]!.restore(offsets) }));
  }

  async #encodeWithOffsets(texts: readonly string[], options: EncodeOptions): Promise<TokenizedText[]> {
    const marked = texts.map((text) => text.includes(LITERAL_MARK));
    const plainTexts = texts.filter((_, index) => !marked[index]);
    const markedTexts = texts.filter((_, index) => marked[index]);
    const plain = plainTexts.length > 0 ? await this.#encode(plainTexts, options) : [];
    const withMarks = markedTexts.length > 0 ? await this.#encodeMarked(markedTexts, options) : [];
    let nextPlain = 0;
    let nextMarked = 0;
    return marked.map((isMarked) =>
      isMarked ? withMarks[nextMarked++]! : tokenizedText(plain[nextPlain++]!),
    );
  }

  async lostCharacters(texts: readonly string[]): Promise<(readonly string[])[]> {
    return this.#lost === null ? texts.map(() => []) : this.#lost.find(texts.map(withoutLiteralMarks));
  }

  async decode(ids: readonly number[], options: DecodeOptions = {}): Promise<string> {
    return decodeIds(this.#native, this.folder, ids, options.skipSpecialTokens ?? false);
  }

  #encode(texts: readonly string[], { addSpecialTokens = true }: EncodeOptions): Promise<Encoding[]> {
    const { longestText } = this.#files;
    return encodeTexts(this.#native, { folder: this.folder, longestText }, texts, addSpecialTokens);
  }

  async #encodeMarked(texts: readonly string[], options: EncodeOptions): Promise<TokenizedText[]> {
    this.#literal ??= new LiteralTokenizer(this.folder, this.#files, this.controlTokens, (token) =>
      this.#native.tokenToId(token),
    );
    return this.#literal.encode(texts, options.addSpecialTokens ?? true);
  }

  #idOf(files: TokenizerFiles, name: string): number | null {
    const token = files.namedTokens.get(name);
    return token === undefined ? null : this.#native.tokenToId(token);
  }
}
