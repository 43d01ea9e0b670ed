/** @file A question and its answer as a row: a conversation of two turns where there is a chat template, else text. */
import type { TrainingRow } from "../training-row.js";
import type { RowContext } from "./row-form.js";

/** The text form is lm-evaluation-harness's for GSM8K, so that a model is trained as it is evaluated. */
export function questionAndAnswer(
  question: string,
  answer: string,
  { hasChatTemplate }: RowContext,
): TrainingRow {
  if (!hasChatTemplate) {
    return { form: "prompt_completion", prompt: `Question: ${question}\nAnswer:`, completion: ` ${answer}` };
  }
  return {
    form: "prompt_completion_messages",
    prompt: [{ role: "user", content: question }],
    completion: [{ role: "assistant", content: answer }],
    tools: null,
    templateVariables: {},
  };
}
