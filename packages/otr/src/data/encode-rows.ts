/** @file Training rows as token ids and labels. */
import { DataError } from "../errors.js";
import type { ChatTemplate } from "./chat-template.js";
import { IGNORE_INDEX } from "./encoded-row.js";
import { RowSource } from "./row-source.js";
import type { TrainingRow } from "./training-row.js";
import { countCodePoints } from "./count-code-points.js";
import type { TokenizedText } from "./tokenized-text.js";
import type { Tokenizer } from "./tokenizer.js";

export interface RowEncoderOptions {
  readonly tokenizer: Tokenizer;
  /** Needed for rows of messages. */
  readonly chatTemplate: ChatTemplate | null;
  /** For rows with a prompt: learn the completion alone. */
  readonly completionOnlyLoss: boolean;
  /** For rows of messages: learn the assistant's turns alone. */
  readonly assistantOnlyLoss: boolean;
  /** Whether each row is handed out with its text, for a person to look at. */
  readonly keepsText: boolean;
}

/** A row before truncation. */
export interface TokenizedRow {
  readonly inputIds: Int32Array;
  readonly labels: Int32Array;
  /** Whether the row ends where a model should stop. */
  readonly endsTurn: boolean;
  /** Whether there is a turn of the assistant's to learn. */
  readonly hasAnswer: boolean;
  /** Whether a message held the text of a control token, which was encoded as ordinary text. */
  readonly hasLiteralTokens: boolean;
  /** Whether the chat template leaves out tools, tool calls or thinking of the row. */
  readonly isIncomplete: boolean;
  /** Whether what is learned holds a part of the prompt, which the chat template writes otherwise once it is answered. */
  readonly learnsPrompt: boolean;
  /** Null unless the encoder keeps it. */
  readonly source: RowSource | null;
}

interface RowTokens {
  readonly ids: readonly number[];
  /** There where spans are. */
  readonly offsets?: TokenizedText["offsets"];
}

/** The texts of a row, and which part of them is learned. */
interface RowText {
  /** What is encoded. */
  readonly text: string;
  /** The same for a person: without marks, and with the end token that the tokenizer adds. */
  readonly shown: string;
  /** What is not learned of the start of the text; null: everything is learned. */
  readonly prompt: string | null;
  /** The parts that are learned, in code points; null: not restricted. */
  readonly spans: readonly (readonly [number, number])[] | null;
  /** False where the text already has the tokens that the tokenizer would put around it. */
  readonly addSpecialTokens: boolean;
  readonly endsTurn: boolean;
  readonly hasAnswer: boolean;
  readonly hasLiteralTokens: boolean;
  readonly isIncomplete: boolean;
  readonly learnsPrompt: boolean;
}

/**
 * Turns rows into token ids and labels, as TRL does:
 *
 * - `{prompt, completion}` text: prompt, completion and end token are encoded together, the end token added where the
 *   text does not have it. The prompt alone is encoded too, and learning starts behind the common beginning of both.
 * - `{text}`: text and end token, all of it learned.
 * - messages: the text of the chat template, which brings its own special tokens.
 */
export class RowEncoder {
  readonly #options: RowEncoderOptions;
  readonly #endToken: string;
  readonly #tokenizerAddsEnd: boolean;

  private constructor(options: RowEncoderOptions, endToken: string, tokenizerAddsEnd: boolean) {
    this.#options = options;
    this.#endToken = endToken;
    this.#tokenizerAddsEnd = tokenizerAddsEnd;
  }

  static async create(options: RowEncoderOptions): Promise<RowEncoder> {
    const { tokenizer } = options;
    const endToken = tokenizer.namedTokens.get("eos_token") ?? "";
    const around = await tokenizer.encode("a");
    const bare = await tokenizer.encode("a", { addSpecialTokens: false });
    const addsEnd = around.at(-1) === tokenizer.eosTokenId && bare.at(-1) !== tokenizer.eosTokenId;
    return new RowEncoder(options, endToken, addsEnd);
  }

  /**
   * Encodes rows, in their order. A row that the chat template or the tokenizer refuses comes as the error.
   * @throws DataError `END_TOKEN_MISSING` for rows of text where the tokenizer has no end token
   */
  async encode(rows: readonly TrainingRow[]): Promise<(TokenizedRow | DataError)[]> {
    const texts = rows.map((row) => this.#textOrError(row));
    const usable = texts.filter((text): text is RowText => !(text instanceof DataError));
    const tokenized = await this.#tokenizeRows(usable);
    let next = 0;
    return texts.map((text) => (text instanceof DataError ? text : tokenized[next++]!));
  }

  async #tokenizeRows(texts: readonly RowText[]): Promise<(TokenizedRow | DataError)[]> {
    try {
      const [tokenized, promptIds] = await Promise.all([this.#tokenize(texts), this.#encodePrompts(texts)]);
      return texts.map((text, index) => this.#tokenizedRow(text, tokenized[index]!, promptIds[index]!));
    } catch (error) {
      if (!(error instanceof DataError && error.code === "CONTROL_TOKEN_UNAVOIDABLE")) throw error;
      if (texts.length === 1) return [error];
      // One by one, so that it is known whose error it is.
      const rows: (TokenizedRow | DataError)[] = [];
      for (const text of texts) rows.push(...(await this.#tokenizeRows([text])));
      return rows;
    }
  }

  #textOrError(row: TrainingRow): RowText | DataError {
    try {
      return this.#textOf(row);
    } catch (error) {
      if (error instanceof DataError && error.code.startsWith("CHAT_TEMPLATE_")) return error;
      throw error;
    }
  }

  #textOf(row: TrainingRow): RowText {
    switch (row.form) {
      case "text":
        return this.#plainText(this.#withEnd(row.text), null);
      case "prompt_completion": {
        const prompt = this.#options.completionOnlyLoss ? row.prompt : null;
        return this.#plainText(this.#withEnd(row.prompt + row.completion), prompt);
      }
      default:
        return this.#chatText(row);
    }
  }

  #plainText(text: string, prompt: string | null): RowText {
    const shown = this.#tokenizerAddsEnd ? text + this.#endToken : text;
    const always = { spans: null, addSpecialTokens: true, endsTurn: true, hasAnswer: true };
    return {
      text,
      shown,
      prompt,
      ...always,
      hasLiteralTokens: false,
      isIncomplete: false,
      learnsPrompt: false,
    };
  }

  #chatText(row: Exclude<TrainingRow, { form: "text" | "prompt_completion" }>): RowText {
    const { chatTemplate, completionOnlyLoss, assistantOnlyLoss } = this.#options;
    if (!chatTemplate) throw new Error("rows of messages need a chat template");
    const options = { tools: row.tools, variables: row.templateVariables };
    const hasPrompt = row.form === "prompt_completion_messages";
    const messages = hasPrompt ? [...row.prompt, ...row.completion] : row.messages;
    const turns = assistantOnlyLoss ? chatTemplate.renderTurns(messages, options) : null;
    const { text, encodableText } = turns ?? chatTemplate.render(messages, options);
    const prompt =
      hasPrompt && completionOnlyLoss
        ? chatTemplate.render(row.prompt, { ...options, addGenerationPrompt: true })
        : null;
    // An opening may hold more than the turn itself will (`<think>`): that is no part of the prompt.
    const learnsPrompt =
      hasPrompt &&
      prompt !== null &&
      !text.startsWith(prompt.text) &&
      !text.startsWith(chatTemplate.render(row.prompt, options).text);
    return {
      text: encodableText,
      shown: text,
      prompt: prompt?.encodableText ?? null,
      spans: turns?.assistantSpans ?? null,
      addSpecialTokens: false,
      endsTurn: assistantOnlyLoss || messages.at(-1)?.role === "assistant",
      hasAnswer: (hasPrompt ? row.completion : messages).some(({ role }) => role === "assistant"),
      hasLiteralTokens: text !== encodableText,
      isIncomplete: chatTemplate.leavesOut(text, messages, row.tools),
      learnsPrompt,
    };
  }

  #withEnd(text: string): string {
    const end = this.#endToken;
    if (end === "" || this.#options.tokenizer.eosTokenId === null)
      throw endTokenMissing(this.#options.tokenizer);
    const hasEnd = text.endsWith(end);
    if (this.#tokenizerAddsEnd) return hasEnd ? text.slice(0, -end.length) : text;
    return hasEnd ? text : text + end;
  }

  async #tokenize(texts: readonly RowText[]): Promise<readonly RowTokens[]> {
    if (texts.length === 0) return [];
    const { tokenizer } = this.#options;
    const options = { addSpecialTokens: texts[0]!.addSpecialTokens };
    const strings = texts.map(({ text }) => text);
    if (texts.some(({ spans }) => spans !== null)) return tokenizer.encodeWithOffsets(strings, options);
    const ids = await tokenizer.encodeBatch(strings, options);
    return ids.map((rowIds) => ({ ids: rowIds }));
  }

  #tokenizedRow(text: RowText, { ids, offsets }: RowTokens, promptIds: readonly number[]): TokenizedRow {
    const inputIds = Int32Array.from(ids);
    const labels = inputIds.slice();
    const learnedFrom = text.prompt === null ? 0 : commonPrefix(promptIds, ids);
    labels.fill(IGNORE_INDEX, 0, learnedFrom);
    if (text.spans !== null && offsets !== undefined) maskOutside(labels, offsets, text.spans);
    const { endsTurn, hasAnswer, hasLiteralTokens, isIncomplete, learnsPrompt } = text;
    const source = this.#options.keepsText ? this.#sourceOf(text, learnedFrom) : null;
    return { inputIds, labels, endsTurn, hasAnswer, hasLiteralTokens, isIncomplete, learnsPrompt, source };
  }

  #sourceOf({ text, shown, spans, addSpecialTokens }: RowText, learnedFrom: number): RowSource {
    const { tokenizer } = this.#options;
    const addedEnd = addSpecialTokens && this.#tokenizerAddsEnd ? countCodePoints(this.#endToken) : 0;
    const offsets = async () => {
      const [tokenized] = await tokenizer.encodeWithOffsets([text], { addSpecialTokens });
      return tokenized!.offsets;
    };
    return new RowSource({ text: shown, offsets, addedEnd, spans, learnedFrom });
  }

  async #encodePrompts(texts: readonly RowText[]): Promise<(readonly number[])[]> {
    if (texts.every(({ prompt }) => prompt === null)) return texts.map(() => []);
    const options = { addSpecialTokens: texts[0]!.addSpecialTokens };
    return this.#options.tokenizer.encodeBatch(
      texts.map(({ prompt }) => prompt ?? ""),
      options,
    );
  }
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Takes the loss off every token whose first character lies in no span. Spans and offsets ascend. */
function maskOutside(
  labels: Int32Array,
  offsets: TokenizedText["offsets"],
  spans: readonly (readonly [number, number])[],
): void {
  let next = 0;
  for (const [position, [start]] of offsets.entries()) {
    while (next < spans.length && spans[next]![1] <= start) next += 1;
    const span = spans[next];
    if (span === undefined || start < span[0]) labels[position] = IGNORE_INDEX;
  }
}

function endTokenMissing(tokenizer: Tokenizer): DataError {
  return new DataError(
    "END_TOKEN_MISSING",
    `the tokenizer in ${tokenizer.folder} has no end token (eos_token), so a model trained with it would never learn ` +
      "to stop; set eos_token in tokenizer_config.json to a token of its vocabulary",
  );
}
