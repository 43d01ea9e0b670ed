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

/** What a person should hear of a row's text. */
export interface TextRemarks {
  /** Whether a message held the text of a control token, which was encoded as ordinary text. */
  readonly hasLiteralTokens: boolean;
  /** Whether the chat template leaves out tools, tool calls or thinking of the row. */
  readonly isIncomplete: boolean;
  /** Whether it knows thinking, and leaves out that of some turns. */
  readonly dropsThinking: boolean;
  /** Whether what is learned holds a part of the prompt, which the chat template writes otherwise once it is answered. */
  readonly learnsPrompt: boolean;
  /** Fields of messages that the chat template does not read. */
  readonly unreadFields: readonly string[];
  /** Names in `chat_template_kwargs` that it does not read. */
  readonly unreadVariables: readonly string[];
}

const NO_REMARKS: TextRemarks = {
  hasLiteralTokens: false,
  isIncomplete: false,
  dropsThinking: false,
  learnsPrompt: false,
  unreadFields: [],
  unreadVariables: [],
};

/** A row before truncation. */
export interface TokenizedRow {
  readonly inputIds: Int32Array;
  readonly labels: Int32Array;
  /** Whether the row ends where a model should stop. */
  readonly endsTurn: boolean;
  /** Whether there is a turn of the assistant's to learn. */
  readonly hasAnswer: boolean;
  /** Whether prompt and completion share a token, so that the end of the prompt is learned too. */
  readonly sharesToken: boolean;
  /** Characters that the tokenizer has no token for. */
  readonly lostCharacters: readonly string[];
  readonly remarks: TextRemarks;
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
  readonly remarks: TextRemarks;
}

/** What is known of the tokens of a row. */
interface RowFindings extends RowTokens {
  readonly promptIds: readonly number[];
  readonly lostCharacters: readonly string[];
}

/**
 * Turns rows into token ids and labels, as TRL does:
 *
 * - `{prompt, completion}` text: prompt, completion and end token are encoded together, the end token added where the
 *   text does not have it. The prompt alone is encoded too, and learning starts behind the common beginning of both.
 * - `{text}`: text and end token, all of it learned.
 * - In both, a beginning token that the tokenizer puts in front is not doubled where the text has it.
 * - messages: the text of the chat template, which brings its own special tokens.
 */
export class RowEncoder {
  readonly #options: RowEncoderOptions;
  readonly #endToken: string;
  readonly #tokenizerAddsEnd: boolean;
  /** The beginning token, where the tokenizer puts it in front of a text; else empty. */
  readonly #addedBeginning: string;

  private constructor(
    options: RowEncoderOptions,
    added: { endToken: string; tokenizerAddsEnd: boolean; addedBeginning: string },
  ) {
    this.#options = options;
    this.#endToken = added.endToken;
    this.#tokenizerAddsEnd = added.tokenizerAddsEnd;
    this.#addedBeginning = added.addedBeginning;
  }

  static async create(options: RowEncoderOptions): Promise<RowEncoder> {
    const { tokenizer } = options;
    const endToken = tokenizer.namedTokens.get("eos_token") ?? "";
    const around = await tokenizer.encode("a");
    const bare = await tokenizer.encode("a", { addSpecialTokens: false });
    const tokenizerAddsEnd = around.at(-1) === tokenizer.eosTokenId && bare.at(-1) !== tokenizer.eosTokenId;
    const addsBeginning = around[0] === tokenizer.bosTokenId && bare[0] !== tokenizer.bosTokenId;
    const addedBeginning = (addsBeginning && tokenizer.namedTokens.get("bos_token")) || "";
    return new RowEncoder(options, { endToken, tokenizerAddsEnd, addedBeginning });
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
      const [tokenized, promptIds, lost] = await Promise.all([
        this.#tokenize(texts),
        this.#encodePrompts(texts),
        this.#options.tokenizer.lostCharacters(texts.map(({ text }) => text)),
      ]);
      return texts.map((text, index) => {
        const found = { promptIds: promptIds[index]!, lostCharacters: lost[index]! };
        return this.#tokenizedRow(text, { ...tokenized[index]!, ...found });
      });
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
        return this.#plainText(this.#withEnd(this.#withoutBeginning(row.text)), null);
      case "prompt_completion": {
        const prompt = this.#withoutBeginning(row.prompt);
        const text = this.#withEnd(prompt + row.completion);
        return this.#plainText(text, this.#options.completionOnlyLoss ? prompt : null);
      }
      default:
        return this.#chatText(row);
    }
  }

  #plainText(text: string, prompt: string | null): RowText {
    const shown = this.#tokenizerAddsEnd ? text + this.#endToken : text;
    const always = { spans: null, addSpecialTokens: true, endsTurn: true, hasAnswer: true };
    return { text, shown, prompt, ...always, remarks: NO_REMARKS };
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
      remarks: {
        hasLiteralTokens: text !== encodableText,
        isIncomplete: chatTemplate.leavesOut(text, messages, row.tools),
        dropsThinking: chatTemplate.dropsThinking(text, messages),
        learnsPrompt,
        ...chatTemplate.unreadInput(messages, row.templateVariables),
      },
    };
  }

  #withoutBeginning(text: string): string {
    const beginning = this.#addedBeginning;
    return text.startsWith(beginning) ? text.slice(beginning.length) : text;
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

  #tokenizedRow(text: RowText, { ids, offsets, promptIds, lostCharacters }: RowFindings): TokenizedRow {
    const inputIds = Int32Array.from(ids);
    const labels = inputIds.slice();
    const learnedFrom = text.prompt === null ? 0 : commonPrefix(promptIds, ids);
    const ownTokens = promptIds.length - (text.addSpecialTokens && this.#tokenizerAddsEnd ? 1 : 0);
    const sharesToken = text.prompt !== null && learnedFrom < ownTokens && text.text.startsWith(text.prompt);
    labels.fill(IGNORE_INDEX, 0, learnedFrom);
    if (text.spans !== null && offsets !== undefined) maskOutside(labels, offsets, text.spans);
    const { endsTurn, hasAnswer, remarks } = text;
    const source = this.#options.keepsText ? this.#sourceOf(text, learnedFrom) : null;
    return { inputIds, labels, endsTurn, hasAnswer, sharesToken, lostCharacters, remarks, source };
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
