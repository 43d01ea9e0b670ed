/** @file Rows of {messages}: a conversation. */
import { isSilent, listOrValue, messagesProblem, notAList, parseChatContext } from "./column-values.js";
import type { RowForm } from "./row-form.js";

export const messages: RowForm = {
  title: "{messages}",
  columns: ["messages", "tools", "chat_template_kwargs"],
  recognises: (has) => has("messages"),
  parse(source) {
    const list = listOrValue(source.messages);
    if (!Array.isArray(list)) return notAList("messages", list, "messages");
    const wrong = messagesProblem("messages", list);
    if (wrong) return wrong;
    const context = parseChatContext(source);
    if (typeof context === "string") return context;
    return list.some(isSilent) ? [] : [{ form: "messages", messages: list, ...context }];
  },
};
