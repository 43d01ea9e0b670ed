/** @file The assistant's turns in a rendered conversation whose template does not mark them. */
import { DataError } from "../errors.js";
import type { UnmarkedText } from "./generation-marks.js";
import type { ChatMessage } from "./training-row.js";

/** How much of the end of a message must be found again in its turn. */
const VISIBLE_CHARACTERS = 32;

/** Renders the first messages of a conversation. */
type RenderPart = (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;

/** A content that no message has: one of Unicode's noncharacters. */
const PROBE = "\uFDEF";

/**
 * The text of a conversation and the spans of the assistant's messages: a turn starts where the rendering of the
 * messages before it, with the opening of an assistant's turn, ends, and it ends where the rendering up to it ends.
 *
 * Three habits of templates are allowed for: an opening that holds more than the turn itself will (`<think>`), a last end
 * token that only a whole conversation gets, and thinking that is dropped from all turns but the last. Whatever else makes
 * a rendering differ from the start of the whole is an error, because a span would then hold the wrong text; so is a span
 * without what its message says, or one that begins before the last one ended.
 * @throws {DataError} `CHAT_TEMPLATE_TURNS`
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
    const start = turnStart(text, messages, index, render);
    const isLast = index === messages.length - 1;
    const upToTurn = isLast ? text : render(messages.slice(0, index + 1), false);
    const end = start === null ? null : turnEnd(text, start, upToTurn, eosToken, message);
    if (start === null || end === null) throw indistinct(index);
    const [, lastEnd] = spans.at(-1) ?? [0, 0];
    if (start < lastEnd || !holdsMessage(text, start, end, message)) throw indistinct(index);
    spans.push([start, end]);
  }
  return { text, spans };
}

function turnStart(
  text: string,
  messages: readonly ChatMessage[],
  index: number,
  render: RenderPart,
): number | null {
  const before = messages.slice(0, index);
  const opening = unlessRefused(() => render(before, true));
  if (opening === null) return null;
  if (text.startsWith(opening)) return opening.length;
  const message = messages[index]!;
  const thought =
    typeof message.reasoning_content === "string" ? { reasoning_content: PROBE, thinking: PROBE } : {};
  const probe = { ...message, content: PROBE, ...thought };
  const probed = unlessRefused(() => render(messages.with(index, probe), false));
  const untilTurn = unlessRefused(() => render(before, false));
  if (probed === null || untilTurn === null || !opening.startsWith(untilTurn)) return null;
  const shared = commonPrefix(opening, probed);
  return shared > untilTurn.length && text.startsWith(opening.slice(0, shared)) ? shared : null;
}

/** Many templates refuse a conversation without messages, or one that does not end with the user. */
function unlessRefused(render: () => string): string | null {
  try {
    return render();
  } catch (error) {
    if (error instanceof DataError && error.code === "CHAT_TEMPLATE_FAILED") return null;
    throw error;
  }
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** What a message says, if it is in the text at all, is in its turn. */
function holdsMessage(text: string, start: number, end: number, message: ChatMessage): boolean {
  const substance = substanceOf(message);
  return substance === null || !text.includes(substance) || text.slice(start, end).includes(substance);
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

/**
 * Text that every rendering of a message must hold: the end of its content, behind what it thought, or else the first
 * function it calls.
 */
function substanceOf(message: ChatMessage): string | null {
  const content = typeof message.content === "string" ? message.content : "";
  const answer = content.split(/<\/think>|\[\/THINK\]/).at(-1)!;
  if (answer.trim() !== "") return answer.trim().slice(-VISIBLE_CHARACTERS);
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
