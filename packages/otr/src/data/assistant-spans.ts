/** @file The assistant's turns in a rendered conversation whose template does not mark them. */
import { DataError } from "../errors.js";
import type { UnmarkedText } from "./generation-marks.js";
import type { ChatMessage } from "./row-format.js";

/** How much of the end of a message must be found again in its turn. */
const VISIBLE_CHARACTERS = 32;

/** Renders the first messages of a conversation. */
type RenderPart = (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;

/**
 * The text of a conversation and the spans of the assistant's messages: a turn starts where the rendering of the
 * messages before it, with the opening of an assistant's turn, ends, and it ends where the rendering up to it ends.
 *
 * Two habits of templates are allowed for: a last end token that only a whole conversation gets, and thinking that is
 * dropped from all turns but the last. Whatever else makes a rendering differ from the start of the whole is an error,
 * because a span would then hold the wrong text.
 * @throws DataError `CHAT_TEMPLATE_TURNS`
 */
export function spansByPrefix(
  messages: readonly ChatMessage[],
  eosToken: string | undefined,
  render: RenderPart,
): UnmarkedText {
  const text = render(messages, false);
  const spans: [number, number][] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    const start = turnStart(text, messages.slice(0, index), render);
    const isLast = index === messages.length - 1;
    const upToTurn = isLast ? text : render(messages.slice(0, index + 1), false);
    const end = start === null ? null : turnEnd(text, start, upToTurn, eosToken, message);
    if (start === null || end === null) throw indistinct(index);
    spans.push([start, end]);
  }
  return { text, spans };
}

function turnStart(text: string, before: readonly ChatMessage[], render: RenderPart): number | null {
  let opening: string;
  try {
    opening = render(before, true);
  } catch (error) {
    // Many templates refuse a conversation without messages, or one that does not end with the user.
    if (error instanceof DataError && error.code === "CHAT_TEMPLATE_FAILED") return null;
    throw error;
  }
  return text.startsWith(opening) ? opening.length : null;
}

function turnEnd(
  text: string,
  start: number,
  upToTurn: string,
  eosToken: string | undefined,
  message: ChatMessage,
): number | null {
  if (!upToTurn.startsWith(text.slice(0, start))) return null;
  const endings = [upToTurn];
  if (eosToken && upToTurn.endsWith(eosToken)) endings.push(upToTurn.slice(0, -eosToken.length));
  for (const ending of endings) {
    if (text.startsWith(ending)) return ending.length;
  }
  for (const ending of endings) {
    const kept = keptEnd(text, start, ending.slice(start), message);
    if (kept !== null) return kept;
  }
  return null;
}

/**
 * Where a turn ends in the text when only the rear of it was kept: the longest rear of the turn found at `start`. It
 * must hold what the assistant said or called, or a chance match of a few characters could pass for the turn.
 */
function keptEnd(text: string, start: number, turn: string, message: ChatMessage): number | null {
  const substance = substanceOf(message);
  if (substance === null) return null;
  for (let dropped = 1; dropped <= turn.lastIndexOf(substance); dropped++) {
    const rear = turn.slice(dropped);
    if (text.startsWith(rear, start)) return start + rear.length;
  }
  return null;
}

/** Text that every rendering of a message must hold: the end of its content, or else the first function it calls. */
function substanceOf(message: ChatMessage): string | null {
  if (typeof message.content === "string" && message.content.trim() !== "") {
    return message.content.trim().slice(-VISIBLE_CHARACTERS);
  }
  const [call] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const name: unknown = call?.function?.name ?? call?.name;
  return typeof name === "string" && name !== "" ? name : null;
}

function indistinct(index: number): DataError {
  return new DataError(
    "CHAT_TEMPLATE_TURNS",
    `the chat template has no {% generation %} marks, and the assistant's turn in message ${index + 1} cannot be ` +
      "found by rendering the conversation up to it; give a template with marks (chat_template_path), or train on " +
      "all text (assistant_only_loss: false)",
  );
}
