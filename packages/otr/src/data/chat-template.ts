/** @file Conversations as text, by the chat template of a tokenizer. */
import { readFileSync } from "node:fs";
import { DataError } from "../errors.js";
import { spansByPrefix } from "./assistant-spans.js";
import { chooseMarks, exposeGenerationTags, markVariables, takeMarks } from "./generation-marks.js";
import type { ChatMessage } from "./row-format.js";
import { type CompiledTemplate, compileTemplate } from "./template-interpreter.js";
import { LITERAL_MARK, type Tokenizer } from "./tokenizer.js";

export interface RenderOptions {
  readonly tools?: readonly unknown[] | null;
  /** End with the opening of an assistant's turn. Default: false. */
  readonly addGenerationPrompt?: boolean;
  /** Further template variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface RenderedChat {
  readonly text: string;
  /**
   * The text to encode: the same, with a {@link LITERAL_MARK} inside every control token that came from a message, so
   * that a user who writes `<|im_end|>` does not end the turn.
   */
  readonly encodableText: string;
}

export interface RenderedTurns extends RenderedChat {
  /** What the assistant wrote, its end-of-turn token included: `[start, end)` in Unicode code points of `text`. */
  readonly assistantSpans: readonly (readonly [number, number])[];
}

export interface ChatTemplateContext {
  /** `bos_token`, `eos_token`, ...: variables of the template. */
  readonly namedTokens: ReadonlyMap<string, string>;
  /** Tokens that a message cannot write; see `Tokenizer.controlTokens`. */
  readonly controlTokens: readonly string[];
}

/** A chat template, ready to render conversations. */
export class ChatTemplate {
  /** What errors call it. */
  readonly name: string;
  readonly #template: CompiledTemplate;
  /** The template whose generation tags print marks. */
  readonly #exposed: CompiledTemplate | null;
  readonly #source: string;
  readonly #namedTokens: ReadonlyMap<string, string>;
  readonly #controlTokens: RegExp | null;

  /** @throws DataError `CHAT_TEMPLATE_INVALID` */
  constructor(source: string, context: ChatTemplateContext, name = "the chat template") {
    this.name = name;
    this.#source = source;
    this.#template = compileTemplate(source, name);
    const exposed = exposeGenerationTags(source);
    this.#exposed = exposed === null ? null : compileTemplate(exposed, name);
    this.#namedTokens = context.namedTokens;
    this.#controlTokens = controlTokenPattern(context.controlTokens);
  }

  /** Whether the template marks the assistant's text with `{% generation %}`. */
  get marksAssistant(): boolean {
    return this.#exposed !== null;
  }

  /**
   * Renders a conversation.
   * @throws DataError `CHAT_TEMPLATE_FAILED` where the template refuses the conversation, `CHAT_TEMPLATE_LIMIT`
   */
  render(messages: readonly ChatMessage[], options: RenderOptions = {}): RenderedChat {
    const encodableText = this.#template.run(this.#variables(messages, options));
    return { text: withoutLiteralMarks(encodableText), encodableText };
  }

  /**
   * Renders a conversation and finds the assistant's turns: by the template's `{% generation %}` blocks, or, where it
   * has none, by rendering the conversation up to each turn.
   * @throws DataError as {@link render}, and `CHAT_TEMPLATE_TURNS` where the turns cannot be told apart
   */
  renderTurns(messages: readonly ChatMessage[], options: RenderOptions = {}): RenderedTurns {
    const { text: encodableText, spans } = this.#exposed
      ? this.#renderExposed(this.#exposed, messages, options)
      : spansByPrefix(messages, this.#namedTokens.get("eos_token"), (part, addGenerationPrompt) =>
          this.#template.run(this.#variables(part, { ...options, addGenerationPrompt })),
        );
    const toCodePoint = codePointPositions(encodableText);
    return {
      text: withoutLiteralMarks(encodableText),
      encodableText,
      assistantSpans: spans.map(([start, end]) => [toCodePoint(start), toCodePoint(end)] as const),
    };
  }

  #renderExposed(template: CompiledTemplate, messages: readonly ChatMessage[], options: RenderOptions) {
    const variables = this.#variables(messages, options);
    const marks = chooseMarks([this.#source, JSON.stringify(variables)]);
    return takeMarks(template.run({ ...variables, ...markVariables(marks) }), marks);
  }

  #variables(messages: readonly ChatMessage[], options: RenderOptions): Record<string, unknown> {
    return {
      ...Object.fromEntries(this.#namedTokens),
      ...options.variables,
      messages: this.#markControlTokens(messages),
      tools: this.#markControlTokens(options.tools ?? null),
      add_generation_prompt: options.addGenerationPrompt ?? false,
    };
  }

  /** Puts a mark behind the first character of every control token in the strings of a value. */
  #markControlTokens(value: unknown): unknown {
    const pattern = this.#controlTokens;
    if (pattern === null) return value;
    const mark = (item: unknown): unknown => {
      if (typeof item === "string") {
        return item.replaceAll(pattern, (token) => {
          const [first] = token;
          return first + LITERAL_MARK + token.slice(first!.length);
        });
      }
      if (Array.isArray(item)) return item.map(mark);
      if (typeof item !== "object" || item === null) return item;
      return Object.fromEntries(Object.entries(item).map(([key, entry]) => [key, mark(entry)]));
    };
    return mark(value);
  }
}

/**
 * The template to use: the given file, or else the tokenizer's own.
 * @throws DataError `CHAT_TEMPLATE_MISSING`, `CHAT_TEMPLATE_UNREADABLE`, `CHAT_TEMPLATE_INVALID`
 */
export function loadChatTemplate(tokenizer: Tokenizer, path: string | null = null): ChatTemplate {
  if (path !== null) return new ChatTemplate(readTemplate(path), tokenizer, `the chat template ${path}`);
  const { chatTemplate, folder } = tokenizer;
  if (chatTemplate !== null)
    return new ChatTemplate(chatTemplate, tokenizer, `the chat template in ${folder}`);
  throw new DataError(
    "CHAT_TEMPLATE_MISSING",
    `the tokenizer in ${folder} has no chat template, which says how messages are written as text; give one ` +
      "with chat_template_path, or use {prompt, completion} text",
  );
}

function readTemplate(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("CHAT_TEMPLATE_UNREADABLE", `${path} cannot be read: ${reason}`, { cause: error });
  }
}

/** Tokens of one character are left alone: there is no other way to write such a character. */
function controlTokenPattern(tokens: readonly string[]): RegExp | null {
  const breakable = tokens.filter((token) => [...token].length > 1);
  if (breakable.length === 0) return null;
  const longestFirst = breakable.sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
}

function withoutLiteralMarks(text: string): string {
  return text.replaceAll(LITERAL_MARK, "");
}

/** Turns a position in UTF-16 units of a text with literal marks into code points of the text without them. */
function codePointPositions(text: string): (position: number) => number {
  let counted = 0;
  let codePoints = 0;
  return (position) => {
    if (position < counted) {
      counted = 0;
      codePoints = 0;
    }
    while (counted < position) {
      const codePoint = text.codePointAt(counted)!;
      counted += codePoint > 0xffff ? 2 : 1;
      if (text[counted - 1] !== LITERAL_MARK) codePoints += 1;
    }
    return codePoints;
  };
}
