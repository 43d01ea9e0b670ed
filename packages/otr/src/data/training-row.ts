/** @file A checked row of training data. Rows of every form become one of four kinds. */

/** One message of a conversation. Templates may read further fields (`name`, `tool_calls`, `reasoning_content`). */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** What a row of messages hands to the chat template besides the messages. */
export interface ChatContext {
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
/** A row as it is encoded. */
export type TrainingRow = PromptCompletionRow | PromptCompletionMessagesRow | MessagesRow | TextRow;

/** Whether rows of a kind are conversations, which a chat template writes as text. */
export const isConversation = (kind: TrainingRow["form"]): boolean =>
  kind === "messages" || kind === "prompt_completion_messages";
