/** @file What a model is asked for each row of a task: prompts to continue, or continuations to score. */
import type { ChatTemplate } from "../data/chat-template.js";
import { pythonStr, type PythonValue } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import { chatText, type PromptText } from "./chat-text.js";
import type { Document } from "./document.js";
import { drawExamples } from "./few-shot.js";
import { MersenneTwister } from "./mersenne-twister.js";
import { conversation, joined, plainPrompt, questionTurns, type Turn } from "./messages.js";
import { choicesField, type Task, targetField, templateField, textField } from "./task.js";

/** How prompts are written. */
export interface PromptOptions {
  /** Writes prompts as conversations; null: as plain text. */
  readonly chatTemplate: ChatTemplate | null;
  /** Whether examples are turns of their own in a conversation. */
  readonly fewShotAsMultiturn: boolean;
  readonly systemInstruction: string | null;
  /** Decides which examples are drawn, where a task draws them. */
  readonly fewShotSeed: number;
}

/** A row of a task, and what the model is asked about it. */
export interface TaskRequest {
  /** The number of the row in its split. */
  readonly documentId: number;
  readonly document: Document;
  readonly target: PythonValue | number;
  /** Which choice is right: the target, but where the choices are ways to begin, what the text names. */
  readonly gold: PythonValue | number;
  /** What is asked, with its choices and without examples. */
  readonly question: string;
  /** One to generate from; of choices, one each. For a text that is scored whole: none. */
  readonly prompts: readonly PromptText[];
  /** What is scored behind each prompt; empty where text is generated. */
  readonly continuations: readonly string[];
  /** The choices, where there are some. */
  readonly choices: readonly string[];
}

/**
 * The requests of some rows. Random examples are drawn for one row after the other, in this order: the k-th row has the
 * k-th draw.
 *
 * @param documentIds numbers of rows, ascending
 * @throws {DataError} `TASK_ROW`, `TASK_TEMPLATE_*`, `CHAT_TEMPLATE_*`
 */
export function buildRequests(
  task: Task,
  documentIds: readonly number[],
  options: PromptOptions,
): TaskRequest[] {
  const sampler = new MersenneTwister(options.fewShotSeed);
  return documentIds.map((documentId) => {
    const document = task.documents[documentId]!;
    return { documentId, document, ...requestOf(task, document, sampler, options) };
  });
}

type Asked = Pick<TaskRequest, "target" | "gold" | "question" | "prompts" | "continuations" | "choices">;

function requestOf(task: Task, document: Document, sampler: MersenneTwister, options: PromptOptions): Asked {
  const { config } = task;
  const target = targetField(task, document, config.doc_to_target);
  if (config.output_type === "loglikelihood_rolling") {
    const question = pythonStr(target);
    return { target, gold: target, question, prompts: [], continuations: [question], choices: [] };
  }
  const before = [...systemTurn(task, document, options), ...exampleTurns(task, document, sampler)];
  const prefix = config.gen_prefix === null ? null : templateField(task, document, config.gen_prefix);
  const choices = config.doc_to_choice === null ? [] : choicesField(task, document, config.doc_to_choice);
  const text = textField(task, document, config.doc_to_text);
  // A text that is a number names the right choice.
  const question = [...(typeof text === "number" ? [pythonStr(target)] : [pythonStr(text)]), ...choices].join(
    "\n",
  );
  const ask = (asked: string, targetDelimiter: string): PromptText =>
    prompt(
      [...before, ...questionTurns({ question: asked, prefix, targetDelimiter, fewShotDelimiter: "" })],
      options,
    );
  if (config.output_type === "generate_until") {
    return {
      target,
      gold: target,
      question,
      prompts: [ask(questionText(task, text), config.target_delimiter)],
      continuations: [],
      choices,
    };
  }
  const delimiter = continuationDelimiter(task, options);
  if (typeof text !== "number") {
    const asked = ask(questionText(task, text), config.target_delimiter);
    const continuations = choices.map((choice) => delimiter + choice);
    return { target, gold: target, question, prompts: choices.map(() => asked), continuations, choices };
  }
  // The choices are ways to begin, and the target is how each goes on (Winogrande).
  const prompts = choices.map((choice) => ask(choice, ""));
  return {
    target,
    gold: text,
    question,
    prompts,
    continuations: choices.map(() => delimiter + pythonStr(target)),
    choices,
  };
}

function questionText(task: Task, text: PythonValue | number): string {
  if (typeof text === "string") return text;
  throw new DataError(
    "TASK_ROW",
    `${task.config.task}: doc_to_text gives ${JSON.stringify(text)}, where a text belongs`,
  );
}

/** Chat templates set the answer apart themselves, unless its beginning is given. */
function continuationDelimiter({ config }: Task, { chatTemplate }: PromptOptions): string {
  if (chatTemplate === null) return config.target_delimiter;
  return config.gen_prefix !== null && !/\s$/u.test(config.gen_prefix) ? config.target_delimiter : "";
}

function systemTurn(task: Task, document: Document, { systemInstruction }: PromptOptions): Turn[] {
  const { description, fewshot_delimiter: delimiter } = task.config;
  const described = description === "" ? "" : templateField(task, document, description);
  const content = joined(systemInstruction ?? "", described, delimiter);
  return content === "" ? [] : [{ role: "system", content, delimiter: "" }];
}

function exampleTurns(task: Task, document: Document, sampler: MersenneTwister): Turn[] {
  const { config, fewShot } = task;
  return drawExamples(task, document, sampler).flatMap((example) => {
    const text = textField(task, example, fewShot.doc_to_text ?? config.doc_to_text);
    const chosen = fewShot.doc_to_choice ?? config.doc_to_choice;
    const choices = chosen === null ? [] : choicesField(task, example, chosen);
    const target = targetField(task, example, fewShot.doc_to_target ?? config.doc_to_target);
    const prefix = fewShot.gen_prefix ?? config.gen_prefix;
    const question = typeof text === "number" ? choices[text] : questionText(task, text);
    const answer =
      typeof target === "number" && typeof text !== "number" ? choices[target] : firstText(target);
    if (question === undefined || answer === undefined) {
      throw new DataError("TASK_ROW", `${config.task}: an example names a choice that there is not`);
    }
    return questionTurns({
      question,
      answer,
      prefix: prefix === null ? null : templateField(task, example, prefix),
      targetDelimiter: fewShot.target_delimiter ?? config.target_delimiter,
      fewShotDelimiter: fewShot.fewshot_delimiter ?? config.fewshot_delimiter,
    });
  });
}

/** Of several right answers, an example shows the first. */
function firstText(target: PythonValue | number): string {
  return pythonStr(Array.isArray(target) ? (target[0] ?? "") : (target as PythonValue | number));
}

function prompt(turns: readonly Turn[], { chatTemplate, fewShotAsMultiturn }: PromptOptions): PromptText {
  if (chatTemplate !== null) return chatText(chatTemplate, conversation(turns, fewShotAsMultiturn));
  const text = plainPrompt(turns);
  return { text, encodableText: text };
}
