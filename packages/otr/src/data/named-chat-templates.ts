/** @file The chat templates that come with this program. */
import { fileURLToPath } from "node:url";
import type { CHAT_TEMPLATE_NAMES } from "../config/chat-template-names.js";

type ChatTemplateName = (typeof CHAT_TEMPLATE_NAMES)[number];

/** The file of the chat template that is to be used; null for the tokenizer's own. */
export function chatTemplatePathOf(config: {
  readonly chatTemplate: ChatTemplateName | null;
  readonly chatTemplatePath: string | null;
}): string | null {
  const { chatTemplate, chatTemplatePath } = config;
  if (chatTemplate === null) return chatTemplatePath;
  return fileURLToPath(new URL(`../../chat-templates/${chatTemplate}.jinja`, import.meta.url));
}
