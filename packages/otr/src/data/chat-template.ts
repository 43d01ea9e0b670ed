/** @file Conversations as text, by the chat template of a tokenizer. */
import { readFileSync } from "node:fs";
import { DataError } from "../errors.js";
import { spansByPrefix } from "./assistant-spans.js";
import { ControlTokens, escapeForPattern, LITERAL_MARK, withoutLiteralMarks } from "./control-tokens.js";
import {
  chooseMarks,
  exposeGenerationTags,
  markVariables,
  takeMarks,
  type UnmarkedText,
} from "./generation-marks.js";
import { mapStrings } from "./map-strings.js";
import type { ChatMessage } from "./training-row.js";
import { type CompiledTemplate, compileTemplate, RenderLimits } from "./template-interpreter.js";
import type { Tokenizer } from "./tokenizer.js";

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

/** What a conversation hands to a template. */
interface Input {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly unknown[] | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly addGenerationPrompt: boolean;
}

/** Tokens around thinking: an assistant's message may write them, because templates look for them there. */
const THINKING_TOKENS = ["<think>", "</think>", "[THINK]", "[/THINK]"];

/** How templates find thinking in a message. */
const THINKING_NAMES = /\b(reasoning_content|thinking)\b/;

/** A chat template, ready to render conversations. */
export class ChatTemplate {
  /** What errors call it. */
  readonly name: string;
  /** Whether the template marks the assistant's text with `{% generation %}`. */
  readonly marksAssistant: boolean;
  /** Generation tags print marks. */
  readonly #template: CompiledTemplate;
  readonly #source: string;
  /** Whether the template has a word, by the word. */
  readonly #words = new Map<string, boolean>();
  readonly #namedTokens: ReadonlyMap<string, string>;
  readonly #controlTokens: ControlTokens;
  readonly #assistantTokens: ControlTokens;

  /** @throws {DataError} `CHAT_TEMPLATE_INVALID` */
  constructor(source: string, context: ChatTemplateContext, name = "the chat template") {
    this.name = name;
    this.#source = source;
    const exposed = exposeGenerationTags(source);
    this.marksAssistant = exposed !== null;
    this.#template = compileTemplate(exposed ?? source, name);
    this.#namedTokens = context.namedTokens;
    this.#controlTokens = new ControlTokens(context.controlTokens);
    this.#assistantTokens = new ControlTokens(
      context.controlTokens.filter((token) => !THINKING_TOKENS.includes(token)),
    );
  }

  /**
   * Whether the text of a conversation lacks something that should be in it: a tool, a call of one, or thinking, of
   * which the template knows nothing.
   */
  leavesOut(text: string, messages: readonly ChatMessage[], tools: readonly unknown[] | null): boolean {
    const calls = messages.flatMap(({ tool_calls: called }) => (Array.isArray(called) ? called : []));
    const names = [...(tools ?? []), ...calls].map(functionName);
    if (names.some((name) => name !== null && !text.includes(name))) return true;
    const thinks = messages.some((message) => (reasoningOf(message) ?? "") !== "");
    return thinks && !THINKING_NAMES.test(this.#source);
  }

  /** Whether the text of a conversation lacks thinking of some turn, of which the template knows. */
  dropsThinking(text: string, messages: readonly ChatMessage[]): boolean {
    if (!THINKING_NAMES.test(this.#source)) return false;
    return messages.some((message) => thoughtsOf(message).some((thought) => !text.includes(thought)));
  }

  /**
   * What the template never reads of a conversation: fields of messages, and variables. One that writes whole messages
   * reads all fields.
   */
  unreadInput(
    messages: readonly ChatMessage[],
    variables: Readonly<Record<string, unknown>>,
  ): { unreadFields: string[]; unreadVariables: string[] } {
    const writesAll = /\bmessages?\s*(\|\s*tojson|\.items\(\))/.test(this.#source);
    const fields = writesAll ? [] : messages.flatMap(presentFields);
    return {
      unreadFields: [...new Set(fields)].filter((name) => !READ_FIELDS.includes(name) && !this.#names(name)),
      unreadVariables: Object.keys(variables).filter((name) => !this.#names(name)),
    };
  }

  /** Whether the template has a word. */
  #names(word: string): boolean {
    let isNamed = this.#words.get(word);
    if (isNamed === undefined) {
      isNamed = new RegExp(`(?<!\\w)${escapeForPattern(word)}(?!\\w)`).test(this.#source);
      this.#words.set(word, isNamed);
    }
    return isNamed;
  }

  /**
   * Renders a conversation.
   * @throws {DataError} `CHAT_TEMPLATE_FAILED` where the template refuses the conversation, `CHAT_TEMPLATE_LIMIT` where it
   * does too much, `CHAT_TEMPLATE_INPUT` where control tokens in messages cannot be told from the template's own
   */
  render(messages: readonly ChatMessage[], options: RenderOptions = {}): RenderedChat {
    const input = inputOf(messages, options);
    const limits = new RenderLimits();
    const text = this.#run(input, limits);
    return { text, encodableText: this.#encodable(text, input, limits) };
  }

  /**
   * Renders a conversation and finds the assistant's turns: by the template's `{% generation %}` blocks, or, where it
   * has none, by rendering the conversation up to each turn.
   * @throws {DataError} as {@link render}, and `CHAT_TEMPLATE_TURNS` where the turns cannot be told apart
   */
  renderTurns(messages: readonly ChatMessage[], options: RenderOptions = {}): RenderedTurns {
    const input = inputOf(messages, options);
    const limits = new RenderLimits();
    const { text, spans } = this.marksAssistant
      ? this.#runMarking(input, limits)
      : spansByPrefix(input.messages, this.#namedTokens.get("eos_token"), (part, addGenerationPrompt) =>
          this.#run({ ...input, messages: part, addGenerationPrompt }, limits),
        );
    const toCodePoint = codePointPositions(text);
    return {
      text,
      encodableText: this.#encodable(text, input, limits),
      assistantSpans: spans.map(([start, end]) => [toCodePoint(start), toCodePoint(end)] as const),
    };
  }

  #run(input: Input, limits: RenderLimits): string {
    return this.#template.run({ ...this.#variables(input), ...markVariables(null) }, limits);
  }

  #runMarking(input: Input, limits: RenderLimits): UnmarkedText {
    const variables = this.#variables(input);
    const marks = chooseMarks([this.#source, JSON.stringify(variables)]);
    return takeMarks(this.#template.run({ ...variables, ...markVariables(marks) }, limits), marks);
  }

  #variables({ messages, tools, variables, addGenerationPrompt }: Input): Record<string, unknown> {
    const named = Object.fromEntries(this.#namedTokens);
    return { ...named, ...variables, messages, tools, add_generation_prompt: addGenerationPrompt };
  }

  /**
   * The text with marks in it, from a second rendering of marked messages. A third one, with marks at the edges of
   * messages too, tells whether a control token came about from pieces.
   */
  #encodable(text: string, input: Input, limits: RenderLimits): string {
    const literal = markInput(input, (content, isAssistant) => this.#tokensOf(isAssistant).mark(content));
    const edged = markInput(literal, (content, isAssistant, key) =>
      // Templates make control tokens of roles: `<|user|>`.
      key === "role" || key === FIELD_NAME ? content : this.#tokensOf(isAssistant).markEdges(content),
    );
    const encodable = literal === input ? text : this.#renderMarked(text, literal, limits);
    if (edged === literal) return encodable;
    const broken = this.#renderMarked(text, edged, limits);
    return this.#countMeant(broken) === this.#countMeant(encodable) ? encodable : broken;
  }

  /** How many control tokens no mark breaks: marks can only lower it. */
  #countMeant(encodable: string): number {
    return [...this.#controlTokens.find(encodable)].length;
  }

  #tokensOf(isAssistant: boolean): ControlTokens {
    return isAssistant ? this.#assistantTokens : this.#controlTokens;
  }

  #renderMarked(text: string, marked: Input, limits: RenderLimits): string {
    const encodable = this.#run(marked, limits);
    if (withoutLiteralMarks(encodable) === text) return encodable;
    throw new DataError(
      "CHAT_TEMPLATE_INPUT",
      `a message holds the text of a control token, or of a part of one, and ${this.name} writes something else because ` +
        "of it, so that it cannot be told whether the token is meant; remove it from the message",
    );
  }
}

/** The name of a tool or of a call of one; null for what is none. */
function functionName(tool: unknown): string | null {
  if (typeof tool !== "object" || tool === null) return null;
  const name: unknown =
    Reflect.get(tool, "name") ?? Reflect.get(Object(Reflect.get(tool, "function")), "name");
  return typeof name === "string" && name !== "" ? name : null;
}

/** The fields in which what the assistant thought is found. */
const REASONING_FIELDS = ["reasoning_content", "thinking", "reasoning"];

function reasoningOf(message: ChatMessage): unknown {
  const field = REASONING_FIELDS.find((name) => message[name] !== undefined && message[name] !== null);
  return field === undefined ? null : message[field];
}

/** Fields whose loss is told otherwise: see `leavesOut` and `dropsThinking`. */
const READ_FIELDS = ["role", "content", "tool_calls", ...REASONING_FIELDS];

const presentFields = (message: ChatMessage): string[] =>
  Object.keys(message).filter((name) => message[name] !== undefined && message[name] !== null);

/** What the assistant thought: the field for it, and what stands between the tags in its content. */
function thoughtsOf(message: ChatMessage): string[] {
  if (message.role !== "assistant") return [];
  const { content } = message;
  const written = typeof content === "string" ? (/<think>([\s\S]*?)<\/think>/.exec(content)?.[1] ?? "") : "";
  return [reasoningOf(message), written]
    .filter((thought) => typeof thought === "string")
    .map((thought) => thought.trim())
    .filter((thought) => thought !== "");
}

/** As Transformers: templates read `reasoning_content` or `thinking`, whichever field the row has. */
function withReasoning(message: ChatMessage): ChatMessage {
  const reasoning = reasoningOf(message);
  return reasoning === null ? message : { thinking: reasoning, ...message, reasoning_content: reasoning };
}

/** @throws {DataError} `CHAT_TEMPLATE_INPUT` for what no template could be given */
function inputOf(messages: readonly ChatMessage[], options: RenderOptions): Input {
  const { tools = null, variables = {}, addGenerationPrompt = false } = options;
  const input = { messages: messages.map(withReasoning), tools, variables, addGenerationPrompt };
  markInput(input, refuseMark);
  return input;
}

function refuseMark(text: string): string {
  if (!text.includes(LITERAL_MARK)) return text;
  throw new DataError(
    "CHAT_TEMPLATE_INPUT",
    "holds the character U+FDD0, which no text should hold and which marks control tokens here; remove it",
  );
}

/** In place of a field: the text is the name of one, by which templates look it up. */
const FIELD_NAME = "";

/** Changes all texts of a conversation; `key` is the field of a message that a text is in, or {@link FIELD_NAME}. */
function markInput(input: Input, mark: (text: string, isAssistant: boolean, key?: string) => string): Input {
  const byOthers = (text: string) => mark(text, false);
  const messages = input.messages.map((message): ChatMessage => {
    const isAssistant = message.role === "assistant";
    const fields = Object.entries(message).map(
      ([key, value]) =>
        [
          mark(key, isAssistant, FIELD_NAME),
          mapStrings(value, (text) => mark(text, isAssistant, key)),
        ] as const,
    );
    const isSame = fields.every(([key, value]) => value === message[key]);
    // The same fields in the same order, which templates may print.
    return isSame ? message : (Object.fromEntries(fields) as ChatMessage);
  });
  const tools = mapStrings(input.tools, byOthers);
  const variables = mapStrings(input.variables, byOthers);
  const isSame =
    tools === input.tools &&
    variables === input.variables &&
    messages.every((message, index) => message === input.messages[index]);
  return isSame ? input : { ...input, messages, tools, variables };
}

/**
 * The template to use: the given file, or else the tokenizer's own.
 * @throws {DataError} `CHAT_TEMPLATE_MISSING`, `CHAT_TEMPLATE_UNREADABLE`, `CHAT_TEMPLATE_INVALID`
 */
export function loadChatTemplate(tokenizer: Tokenizer, path: string | null = null): ChatTemplate {
  if (path !== null) return new ChatTemplate(readTemplate(path), tokenizer, `the chat template ${path}`);
  const { chatTemplate, folder } = tokenizer;
  if (chatTemplate !== null)
    return new ChatTemplate(chatTemplate, tokenizer, `the chat template in ${folder}`);
  throw new DataError(
    "CHAT_TEMPLATE_MISSING",
    `the tokenizer in ${folder} has no chat template, which says how messages are written as text; name one with ` +
      "chat_template (chatml, for example), give a file as chat_template_path, or use {prompt, completion} text",
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

/** Turns ascending positions in UTF-16 units of a text into code points. */
function codePointPositions(text: string): (position: number) => number {
  let counted = 0;
  let codePoints = 0;
  return (position) => {
    while (counted < position) {
      counted += text.codePointAt(counted)! > 0xffff ? 2 : 1;
      codePoints += 1;
    }
    return codePoints;
  };
}
