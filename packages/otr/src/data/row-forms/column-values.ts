/** @file Reads values of columns. Files that hold only text, such as CSV, write lists as JSON. */
import type { ChatContext, ChatMessage } from "../training-row.js";
import type { SourceRow } from "./row-form.js";

/** Whether a value is there: null is how some formats write that it is not. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A list, or the list that a text holds as JSON; other values as they are. */
export function listOrValue(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*\[/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What is wrong with a column that must hold a list of something, and does not. */
export function notAList(column: string, value: unknown, items: string): string {
  const found =
    typeof value === "string" && /^\s*\[/.test(value) ? "text that is not valid JSON" : kindOf(value);
  return `"${column}" is ${found}; it must be a list of ${items}`;
}

/** What is wrong with a column that must hold text, or null. */
export function textProblem(source: SourceRow, column: string): string | null {
  const value = source[column];
  if (typeof value !== "string") return `"${column}" is ${kindOf(value)}; it must be text`;
  return value.trim() === "" ? `"${column}" is empty; fill it, or remove the row` : null;
}

/** What is wrong with a column that holds text or nothing, or null. */
export function optionalTextProblem(source: SourceRow, column: string): string | null {
  const value = source[column];
  return isPresent(value) && typeof value !== "string"
    ? `"${column}" is ${kindOf(value)}; it must be text`
    : null;
}

/** The text of a column; empty where there is none. */
export function textOf(source: SourceRow, column: string): string {
  const value = source[column];
  return typeof value === "string" ? value : "";
}

/** What a row hands to the chat template besides its messages, or, as a string, what is wrong with it. */
export function parseChatContext(source: SourceRow): ChatContext | string {
  let tools = source.tools === "" ? null : (source.tools ?? null);
  if (typeof tools === "string") {
    try {
      tools = JSON.parse(tools);
    } catch {
      return '"tools" is text that is not valid JSON; give a list of tools';
    }
  }
  if (tools !== null && !Array.isArray(tools)) {
    return `"tools" is ${kindOf(tools)}; it must be a list of tools`;
  }
  const templateVariables = source.chat_template_kwargs ?? {};
  if (!isObject(templateVariables)) {
    return `"chat_template_kwargs" is ${kindOf(templateVariables)}; it must be an object`;
  }
  const tooDeep = nestingProblem("tools", tools) ?? nestingProblem("chat_template_kwargs", templateVariables);
  return tooDeep ?? { tools, templateVariables };
}

/** What is wrong with a list of messages, or nothing. */
export function messagesProblem(column: string, messages: readonly unknown[]): string | undefined {
  if (messages.length === 0) return `"${column}" is an empty list; it needs at least one message`;
  if (messages.every((message) => typeof message === "string")) {
    return (
      `"${column}" is a list of texts, and a message is {"role": "...", "content": "..."}; where the file holds whole columns, ` +
      'write one object for each row (pandas: to_json(path, orient="records", lines=True))'
    );
  }
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
    const speaksOtherwise = isPresent(message.tool_calls) || isPresent(message.reasoning_content);
    if (content === null && !speaksOtherwise) return `${where} has no "content"; give its text`;
    if (content !== null && typeof content !== "string" && !Array.isArray(content)) {
      return `the "content" of ${where} is ${kindOf(content)}; it must be text`;
    }
    const wrong = callProblem(message, where) ?? weightProblem(message, where, column);
    if (wrong !== undefined) return wrong;
    const tooDeep = nestingProblem(column, message);
    if (tooDeep !== undefined) return tooDeep;
  }
  return undefined;
}

/** What is wrong with the calls of tools in a message, or nothing. */
function callProblem(message: Readonly<Record<string, unknown>>, where: string): string | undefined {
  if (isPresent(message.function_call)) {
    return `${where} has a "function_call", which no chat template reads; use "tool_calls": [{"type": "function", "function": {"name": "...", "arguments": {...}}}]`;
  }
  const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  for (const call of calls) {
    const called = isObject(call) && isObject(call.function) ? call.function : call;
    if (!isObject(called) || typeof called.arguments !== "string") continue;
    try {
      JSON.parse(called.arguments);
    } catch {
      return `the "arguments" of a tool call in ${where} are text that is not valid JSON; write an object, or mend it`;
    }
  }
  return undefined;
}

/** Other trainers learn a turn more, less or not at all by these; here all of them would be learned alike. */
function weightProblem(
  { role, weight, train }: Readonly<Record<string, unknown>>,
  where: string,
  column: string,
): string | undefined {
  // What is in a prompt is not learned anyway.
  if (role !== "assistant" || column === "prompt") return undefined;
  const field =
    isPresent(weight) && weight !== 1 ? "weight" : train === false || train === 0 ? "train" : null;
  if (field === null) return undefined;
  const value = JSON.stringify(field === "weight" ? weight : train);
  return (
    `${where} has ${field} ${value}, and all turns of the assistant are learned alike; to learn the last turn alone, ` +
    'write the conversation before it as "prompt" and that turn as "completion" (lists of messages)'
  );
}

/** Whether a turn of the assistant's says nothing at all: no more than its end would be learned. */
export function isSilent({ role, content, tool_calls: calls, ...others }: ChatMessage): boolean {
  const speaks = ["reasoning_content", "reasoning", "thinking"].some((name) => isPresent(others[name]));
  const isEmpty = typeof content === "string" ? content.trim() === "" : !isPresent(content);
  return role === "assistant" && isEmpty && !speaks && (!Array.isArray(calls) || calls.length === 0);
}

/** Templates walk values by recursion, and nothing that people write comes near to this. */
const DEEPEST = 100;

/** What is wrong with a value that a template walks, or nothing. */
function nestingProblem(column: string, value: unknown): string | undefined {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `"${column}" is nested deeper than ${DEEPEST} levels; flatten it`;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What Parquet's bytes that are no text become: an object with this field alone. */
export const BINARY = "\u0000binary";

/** What kind of value it is, in words: "a list". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return BINARY in value ? "binary data that is no UTF-8 text" : "an object";
  if (typeof value === "string") return "text";
  return `a ${typeof value}`;
}
