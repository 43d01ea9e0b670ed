/** The chat templates in `packages/otr/chat-templates`, by the names of their files. */
export const CHAT_TEMPLATE_NAMES = [
  "alpaca",
  "chatml",
  "gemma",
  "llama3",
  "mistral",
  "phi3",
  "zephyr",
] as const;
