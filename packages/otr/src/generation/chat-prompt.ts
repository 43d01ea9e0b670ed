/** @file A user's turn as a prompt, in the form that the model was trained on. */
import { loadChatTemplate } from "../data/chat-template.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";

/**
 * Writes a user's turn by the tokenizer's chat template, up to the opening of the assistant's: what {@link generate} is given
 * with `addSpecialTokens: false`. Control tokens that the user writes are marked, so that they become ordinary text.
 *
 * @param systemPrompt the system turn in front; null: none but what the template writes itself
 * @throws {DataError} `CHAT_TEMPLATE_MISSING` for a tokenizer without one; as `ChatTemplate.render` does
 */
export function chatPrompt(tokenizer: Tokenizer, user: string, systemPrompt: string | null = null): string {
  if (tokenizer.chatTemplate === null) {
    throw new DataError(
      "CHAT_TEMPLATE_MISSING",
      `the tokenizer in ${tokenizer.folder} has no chat template, which says how a user's turn is written as text; leave ` +
        "apply_chat_template out, or put the template into that folder as chat_template.jinja",
    );
  }
  const system = systemPrompt === null ? [] : [{ role: "system", content: systemPrompt }];
  const messages = [...system, { role: "user", content: user }];
  return loadChatTemplate(tokenizer).render(messages, { addGenerationPrompt: true }).encodableText;
}
