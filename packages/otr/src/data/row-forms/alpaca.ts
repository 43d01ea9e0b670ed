/** @file Alpaca's rows of {instruction, input, output}, the input and a system message optional. */
import type { ChatMessage, TrainingRow } from "../training-row.js";
import { optionalTextProblem, textOf, textProblem } from "./column-values.js";
import type { RowForm } from "./row-form.js";

export const alpaca: RowForm = {
  title: "Alpaca {instruction, input, output}",
  columns: ["instruction", "input", "output", "system"],
  recognises: (has, source) => has("instruction") && "output" in source,
  parse(source, { hasChatTemplate }) {
    const optional = ["input", "output", "system"].map((column) => optionalTextProblem(source, column));
    const wrong = textProblem(source, "instruction") ?? optional.find((problem) => problem !== null);
    if (wrong) return wrong;
    const texts = {
      instruction: textOf(source, "instruction"),
      input: textOf(source, "input"),
      output: textOf(source, "output"),
      system: textOf(source, "system"),
    };
    // Alpaca itself has some.
    if (texts.output.trim() === "") return [];
    return [hasChatTemplate ? chatRow(texts) : textRow(texts)];
  },
};

interface AlpacaTexts {
  readonly instruction: string;
  /** Empty where there is none, as the system message. */
  readonly input: string;
  readonly output: string;
  readonly system: string;
}

function chatRow({ instruction, input, output, system }: AlpacaTexts): TrainingRow {
  const question = input === "" ? instruction : `${instruction}\n\n${input}`;
  const prompt: ChatMessage[] = system === "" ? [] : [{ role: "system", content: system }];
  return {
    form: "prompt_completion_messages",
    prompt: [...prompt, { role: "user", content: question }],
    completion: [{ role: "assistant", content: output }],
    tools: null,
    templateVariables: {},
  };
}

/**
 * The two prompts of Stanford Alpaca (https://github.com/tatsu-lab/stanford_alpaca). A system message takes the place of
 * their first sentences.
 */
function textRow({ instruction, input, output, system }: AlpacaTexts): TrainingRow {
  const task = "Below is an instruction that describes a task";
  const request = "Write a response that appropriately completes the request.";
  const context = input === "" ? "" : ", paired with an input that provides further context";
  const opening = system === "" ? `${task}${context}. ${request}` : system;
  const inputPart = input === "" ? "" : `### Input:\n${input}\n\n`;
  return {
    form: "prompt_completion",
    prompt: `${opening}\n\n### Instruction:\n${instruction}\n\n${inputPart}### Response:\n`,
    completion: output,
  };
}
