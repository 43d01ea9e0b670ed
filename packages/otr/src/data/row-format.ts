/** @file The forms of training rows, and how a row of each is recognised and checked. */
import { closest } from "../config/closest.js";
import { ROW_COLUMNS } from "../config/row-columns.js";

/** One message of a conversation. Templates may read further fields (`name`, `tool_calls`, `reasoning_content`). */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** What a row of messages hands to the chat template besides the messages. */
interface ChatContext {
  readonly tools: readonly unknown[] | null;
  /** Further variables for the template (`{"enable_thinking": false}`). */
  readonly templateVariables: Readonly<Record<string, unknown>>;
}

export interface PromptCompletionRow {
  readonly form: "prompt_completion";
  readonly prompt: string;
  readonly completion: string;
}
export interface PromptCompletionMessagesRow extends ChatContext {
  readonly form: "prompt_completion_messages";
  readonly prompt: readonly ChatMessage[];
  readonly completion: readonly ChatMessage[];
}
export interface MessagesRow extends ChatContext {
  readonly form: "messages";
  readonly messages: readonly ChatMessage[];
}
export interface TextRow {
  readonly form: "text";
  readonly text: string;
}
/** A checked row of one of the known forms. */
export type TrainingRow = PromptCompletionRow | PromptCompletionMessagesRow | MessagesRow | TextRow;
export type RowForm = TrainingRow["form"];

/** How each form is called towards the person. */
export const ROW_FORMS: Readonly<Record<RowForm, string>> = {
  prompt_completion: "{prompt, completion} as text",
  prompt_completion_messages: "{prompt, completion} as lists of messages",
  messages: "{messages}",
  text: "{text}",
};

const KNOWN_FORMS =
  'rows are {"prompt": "...", "completion": "..."} (text, or lists of messages), ' +
  '{"messages": [{"role": "user", "content": "..."}, ...]} or {"text": "..."}';

type Source = Readonly<Record<string, unknown>>;

/** The columns that a form reads; the others are ignored, and the person is told so. */
export function readColumns(form: RowForm): readonly string[] {
  if (form === "text") return ["text"];
  if (form === "prompt_completion") return ["prompt", "completion"];
  const context = ["tools", "chat_template_kwargs"];
  return form === "messages" ? ["messages", ...context] : ["prompt", "completion", ...context];
}

/**
 * Recognises and checks one row. A row with `prompt` and `completion` is read as such whatever else it holds; then
 * `messages`, then `text`.
 * @returns the row, or, as a string, what is wrong with it and what to change
 */
export function parseTrainingRow(source: Source): TrainingRow | string {
  const has = (column: string): boolean => source[column] !== undefined && source[column] !== null;
  if (has("prompt") || has("completion")) return parsePromptCompletion(source, has);
  if (has("messages")) return parseMessages(source);
  if (has("text")) return parseText(source.text);
  const columns = Object.keys(source);
  const found = columns.length === 0 ? "no columns" : `the columns ${columns.join(", ")}`;
  return `has ${found}; ${misspelling(source, ROW_COLUMNS) ?? KNOWN_FORMS}`;
}

/** Names the column that stands for one of `wanted` but for a slip, or nothing. */
function misspelling(source: Source, wanted: readonly string[]): string | null {
  for (const column of Object.keys(source)) {
    const meant = closest(column, wanted);
    if (meant !== null && meant !== column) return `did you mean "${meant}" by "${column}"?`;
  }
  return null;
}

function parsePromptCompletion(source: Source, has: (column: string) => boolean): TrainingRow | string {
  const remedyFor = (missing: string, present: string): string => {
    const other = ["messages", "text"].find(has);
    if (other === undefined) return misspelling(source, [missing]) ?? KNOWN_FORMS;
    return `add it, or remove "${present}" so that the row is one of {${other}}`;
  };
  for (const [missing, present] of [
    ["prompt", "completion"],
    ["completion", "prompt"],
  ] as const) {
    if (!has(missing)) return `has "${present}" but no "${missing}"; ${remedyFor(missing, present)}`;
  }
  const { prompt, completion } = source;
  if (typeof prompt === "string" && typeof completion === "string") {
    if (prompt === "") return '"prompt" is empty; give a prompt, or use {"text": "..."} for text without one';
    if (completion === "")
      return '"completion" is empty, so there is nothing to learn; remove the row or fill it';
    return { form: "prompt_completion", prompt, completion };
  }
  if (Array.isArray(prompt) && Array.isArray(completion)) {
    const wrong = messagesProblem("prompt", prompt) ?? messagesProblem("completion", completion);
    if (wrong) return wrong;
    const context = parseChatContext(source);
    if (typeof context === "string") return context;
    return { form: "prompt_completion_messages", prompt, completion, ...context };
  }
  return `"prompt" is ${kindOf(prompt)} and "completion" is ${kindOf(completion)}; both must be text, or both lists of messages`;
}

function parseMessages(source: Source): TrainingRow | string {
  const { messages } = source;
  if (!Array.isArray(messages)) return `"messages" is ${kindOf(messages)}; it must be a list of messages`;
  const wrong = messagesProblem("messages", messages);
  if (wrong) return wrong;
  const context = parseChatContext(source);
  if (typeof context === "string") return context;
  return { form: "messages", messages, ...context };
}

function parseText(text: unknown): TrainingRow | string {
  if (typeof text !== "string") return `"text" is ${kindOf(text)}; it must be text`;
  if (text === "") return '"text" is empty, so there is nothing to learn; remove the row or fill it';
  return { form: "text", text };
}

function parseChatContext(source: Source): ChatContext | string {
  let tools = source.tools ?? null;
  if (typeof tools === "string") {
    try {
      tools = JSON.parse(tools);
    } catch {
      return '"tools" is text that is not valid JSON; give a list of tools';
    }
  }
  if (tools !== null && !Array.isArray(tools))
    return `"tools" is ${kindOf(tools)}; it must be a list of tools`;
  const templateVariables = source.chat_template_kwargs ?? {};
  if (!isObject(templateVariables)) {
    return `"chat_template_kwargs" is ${kindOf(templateVariables)}; it must be an object`;
  }
  return { tools, templateVariables };
}

function messagesProblem(column: string, messages: readonly unknown[]): string | undefined {
  if (messages.length === 0) return `"${column}" is an empty list; it needs at least one message`;
  for (const [index, message] of messages.entries()) {
    const where = `message ${index + 1} of "${column}"`;
    if (!isObject(message)) {
      return `${where} is ${kindOf(message)}; a message is {"role": "...", "content": "..."}`;
    }
    if (typeof message.role !== "string" || message.role === "") {
      const columns = Object.keys(message).join(", ") || "nothing";
      return `${where} has no "role" (it has ${columns}); a message is {"role": "...", "content": "..."}`;
    }
    const content = message.content ?? null;
    const speaksOtherwise = message.tool_calls !== undefined || message.reasoning_content !== undefined;
    if (content === null && !speaksOtherwise) return `${where} has no "content"; give its text`;
    if (content !== null && typeof content !== "string" && !Array.isArray(content)) {
      return `the "content" of ${where} is ${kindOf(content)}; it must be text`;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return "text";
  return `a ${typeof value}`;
}
