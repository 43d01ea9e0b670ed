/** @file Rows of {prompt, completion}: two texts, or two lists of messages. */
import { closest } from "../../config/closest.js";
import { isPresent, isSilent, kindOf, messagesProblem, parseChatContext } from "./column-values.js";
import type { RowForm, SourceRow } from "./row-form.js";

/** Both are lists of messages. */
export const promptCompletionMessages: RowForm = {
  title: "{prompt, completion} as lists of messages",
  columns: ["prompt", "completion", "tools", "chat_template_kwargs"],
  recognises: (_, { prompt, completion }) => Array.isArray(prompt) && Array.isArray(completion),
  parse(source) {
    const { prompt, completion } = source;
    if (!Array.isArray(prompt) || !Array.isArray(completion)) return notAlike(source);
    const wrong = messagesProblem("prompt", prompt) ?? messagesProblem("completion", completion);
    if (wrong) return wrong;
    const context = parseChatContext(source);
    if (typeof context === "string") return context;
    if (completion.some(isSilent)) return [];
    return [{ form: "prompt_completion_messages", prompt, completion, ...context }];
  },
};

/** Both are texts. A row with one of the columns is meant to have the other. */
export const promptCompletion: RowForm = {
  title: "{prompt, completion} as text",
  columns: ["prompt", "completion"],
  recognises: (has) => has("prompt") || has("completion"),
  parse(source) {
    for (const [missing, present] of [
      ["prompt", "completion"],
      ["completion", "prompt"],
    ] as const) {
      if (isPresent(source[missing])) continue;
      return `has "${present}" but no "${missing}"; ${remedyFor(source, missing, present)}`;
    }
    const { prompt, completion } = source;
    if (typeof prompt !== "string" || typeof completion !== "string") return notAlike(source);
    if (prompt === "") return '"prompt" is empty; give a prompt, or use {"text": "..."} for text without one';
    if (completion === "") {
      return '"completion" is empty, so there is nothing to learn; remove the row or fill it';
    }
    return [{ form: "prompt_completion", prompt, completion }];
  },
};

function notAlike({ prompt, completion }: SourceRow): string {
  return `"prompt" is ${kindOf(prompt)} and "completion" is ${kindOf(completion)}; both must be text, or both lists of messages`;
}

function remedyFor(source: SourceRow, missing: string, present: string): string {
  const other = ["messages", "text"].find((column) => isPresent(source[column]));
  if (other !== undefined) return `add it, or remove "${present}" so that the row is one of {${other}}`;
  const mistyped = Object.keys(source).find(
    (column) => column !== missing && closest(column, [missing]) !== null,
  );
  if (mistyped !== undefined) return `did you mean "${missing}" by "${mistyped}"?`;
  return `add it, or name the column that stands for it with dataset_columns (${missing}=COLUMN,${present}=${present})`;
}
