/** @file ShareGPT's rows of {conversations}: turns of {from, value}, with tools or without. */
import type { ChatMessage } from "../training-row.js";
import {
  isObject,
  isSilent,
  kindOf,
  listOrValue,
  messagesProblem,
  notAList,
  optionalTextProblem,
  parseChatContext,
  textOf,
} from "./column-values.js";
import type { RowForm, SourceRow } from "./row-form.js";

/** The role of each speaker, by the names that published data sets use. */
const ROLES: Readonly<Record<string, string>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
  model: "assistant",
  assistant: "assistant",
  system: "system",
  observation: "tool",
  tool: "tool",
  tool_response: "tool",
  function_response: "tool",
};

/** Speakers whose turn is a call of a tool, written as JSON. */
const CALLERS = ["function_call", "tool_call"];

export const shareGpt: RowForm = {
  title: "ShareGPT {conversations}",
  columns: ["conversations", "system", "tools", "chat_template_kwargs"],
  recognises: (has) => has("conversations"),
  parse(source) {
    const turns = listOrValue(source.conversations);
    if (!Array.isArray(turns)) return notAList("conversations", turns, "turns");
    const messages: ChatMessage[] = [];
    for (const [index, turn] of turns.entries()) {
      const message = messageOf(turn, `turn ${index + 1} of "conversations"`);
      if (typeof message === "string") return message;
      messages.push(message);
    }
    const withSystem = addSystem(messages, source);
    if (typeof withSystem === "string") return withSystem;
    const wrong = messagesProblem("conversations", withSystem);
    if (wrong) return wrong;
    const context = parseChatContext(source);
    if (typeof context === "string") return context;
    return withSystem.some(isSilent) ? [] : [{ form: "messages", messages: withSystem, ...context }];
  },
};

function messageOf(turn: unknown, where: string): ChatMessage | string {
  if (!isObject(turn)) return `${where} is ${kindOf(turn)}; a turn is {"from": "human", "value": "..."}`;
  const { from, value, role, ...others } = turn;
  // Some data sets name the column so and write messages.
  if (typeof role === "string") return { ...turn, role: ROLES[role] ?? role };
  if (typeof from !== "string" || typeof value !== "string") {
    const fields = Object.keys(turn).join(", ") || "nothing";
    return `${where} needs the texts "from" and "value" (it has ${fields})`;
  }
  if (CALLERS.includes(from)) return callMessage(value, where);
  // A field that nothing reads is told like one of a message.
  const known = Object.hasOwn(ROLES, from) ? ROLES[from] : undefined;
  if (known !== undefined) return { ...others, role: known, content: value };
  const names = [...Object.keys(ROLES), ...CALLERS].join(", ");
  return `${where} is from ${JSON.stringify(from)}, which is nobody known; known are ${names}`;
}

/** A turn that calls one tool, or several. */
function callMessage(value: string, where: string): ChatMessage | string {
  let calls: unknown;
  try {
    calls = JSON.parse(value);
  } catch {
    return `${where} calls a tool, but is not valid JSON; write {"name": "...", "arguments": {...}}`;
  }
  const functions = [calls].flat();
  for (const call of functions) {
    if (!isObject(call) || typeof call.name !== "string") {
      return `${where} calls a tool without its name; write {"name": "...", "arguments": {...}}`;
    }
  }
  return {
    role: "assistant",
    content: "",
    tool_calls: functions.map((call) => ({ type: "function", function: call })),
  };
}

function addSystem(messages: readonly ChatMessage[], source: SourceRow): readonly ChatMessage[] | string {
  const wrong = optionalTextProblem(source, "system");
  if (wrong !== null) return wrong;
  const system = textOf(source, "system");
  if (system === "") return messages;
  if (messages[0]?.role === "system") {
    return 'has a column "system" and a first turn from the system as well; remove one, because only one can be meant';
  }
  return [{ role: "system", content: system }, ...messages];
}
