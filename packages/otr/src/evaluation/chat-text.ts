/** @file A conversation whose last turn may be the beginning of an answer, as text. */
import type { ChatTemplate } from "../data/chat-template.js";
import { DataError } from "../errors.js";
import type { ChatTurn } from "./messages.js";

/** A prompt: the text, and that to encode, in which control tokens that are only meant as text are marked. */
export interface PromptText {
  readonly text: string;
  readonly encodableText: string;
}

/**
 * Writes a conversation by a chat template, up to where the model goes on: behind the opening of an answer, or inside a
 * last turn of the assistant's (`continue_final_message` of Transformers).
 *
 * @throws {DataError} `CHAT_TEMPLATE_TURNS` where the template changes the beginning of the answer; as `ChatTemplate.render`
 */
export function chatText(template: ChatTemplate, turns: readonly ChatTurn[]): PromptText {
  const last = turns.at(-1)!;
  const isOpen = last.role === "assistant";
  const { text, encodableText } = template.render(turns, { addGenerationPrompt: !isOpen });
  if (!isOpen) return { text, encodableText };
  const end = endOfLast(text, last.content);
  if (end === null || !encodableText.endsWith(text.slice(end))) {
    throw new DataError(
      "CHAT_TEMPLATE_TURNS",
      `${template.name} does not write the beginning of the answer (${JSON.stringify(last.content)}) as it is, so that the ` +
        "model cannot go on behind it; evaluate without apply_chat_template, or with another template",
    );
  }
  return {
    text: text.slice(0, end),
    encodableText: encodableText.slice(0, encodableText.length - (text.length - end)),
  };
}

/** Where the last occurrence of a content ends; templates may strip white space around it. */
function endOfLast(text: string, content: string): number | null {
  for (const written of [content, content.trimStart(), content.trim()]) {
    const start = text.lastIndexOf(written);
    if (start >= 0) return start + written.length;
  }
  return null;
}
