/** @file What a model answered to the items of a task, as `eval/samples_TASK_*.jsonl` of a folder holds it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../errors.js";
import { taskFileName } from "../evaluation/task-file-name.js";

/** An item of a task with a model's answer to it. */
export interface TaskSample {
  readonly task: string;
  readonly docId: number;
  /** Its cluster, where the task has such, else its prompt: items with the same one are not independent. */
  readonly clusterId: string;
  /** What tells the item itself, however it is asked: with one of them in common, two items are the same. */
  readonly itemIds: readonly string[];
  readonly prompt: string;
  /** The right answer. */
  readonly target: string;
  /** What the model wrote; where it chose, the text of the choice that it found most likely. */
  readonly response: string;
  /** What of it counts as the answer. */
  readonly answer: string;
  /** From 0 to 1 where the metric is a rate. */
  readonly score: number;
  /** Whether the answer was cut off by the token limit. */
  readonly isTruncated: boolean;
}

const lineSchema = z.looseObject({
  doc_id: z.number(),
  doc: z.record(z.string(), z.unknown()).default({}),
  doc_hash: z.string().optional(),
  prompt_hash: z.string().optional(),
  cluster: z.string().optional(),
  target: z.unknown(),
  arguments: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  resps: z.array(z.array(z.unknown())).default([]),
  filtered_resps: z.array(z.unknown()).default([]),
  filter: z.string().default("none"),
  metrics: z.array(z.string()).min(1),
  truncated: z.boolean().nullable().optional(),
});
type Line = z.output<typeof lineSchema>;

/** The folder of evaluations within that of a run. */
export const EVALUATIONS = "eval";

/**
 * The items of a task in the order of their numbers, with the first metric of the first filter, of the newest file that
 * there is.
 *
 * @throws {DataError} `SAMPLES_MISSING`, `SAMPLES_INVALID` with file and line; `TASK_NOT_COMPARABLE` where the metric is
 *   one of the whole task, such as a perplexity
 */
export function readTaskSamples(folder: string, task: string): TaskSample[] {
  const path = newestFile(join(folder, EVALUATIONS), task);
  const lines = readFileSync(path, "utf8").split("\n");
  const samples = lines.flatMap((text, at) => (text === "" ? [] : [readLine(text, `${path}:${at + 1}`)]));
  const filter = samples[0]?.filter;
  return samples
    .filter((sample) => sample.filter === filter)
    .map((sample) => taskSample(task, sample, path))
    .sort((a, b) => a.docId - b.docId);
}

/** Files carry the date behind the task: `samples_gsm8k_2026-01-31T10-00-00.jsonl`. */
function newestFile(folder: string, task: string): string {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const start = `samples_${taskFileName(task)}_`;
  const own = names.filter((name) => {
    const date = name.startsWith(start) ? name.slice(start.length) : "";
    return /^\d{4}-.*\.jsonl$/.test(date);
  });
  const newest = own.sort().at(-1);
  if (newest !== undefined) return join(folder, newest);
  throw new DataError(
    "SAMPLES_MISSING",
    `${folder} holds no ${start}*.jsonl, so nothing is known of that task; remove measurement.json beside it, and it is measured again`,
  );
}

function readLine(text: string, where: string): Line {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new DataError(
      "SAMPLES_INVALID",
      `${where} is no sample of an evaluation; remove the file and measurement.json of its run, and it is measured again`,
      { cause: error },
    );
  }
}

function taskSample(task: string, line: Line, path: string): TaskSample {
  const metric = line.metrics[0]!;
  const value = line[metric];
  if (typeof value !== "boolean" && (typeof value !== "number" || !Number.isFinite(value))) {
    throw new DataError(
      "TASK_NOT_COMPARABLE",
      `${path}: the metric ${metric} is no number for item ${line.doc_id}, and items are what is compared; leave the task out`,
    );
  }
  const asked = String(Object.values(line.arguments)[0]?.arg_0 ?? "");
  return {
    task,
    docId: line.doc_id,
    clusterId: line.cluster ?? line.prompt_hash ?? asked,
    itemIds: itemIds(line, asked),
    target: textOf(line.target),
    ...(chosenAnswer(line) ?? {
      prompt: asked,
      response: textOf(line.resps[0]?.[0]),
      answer: textOf(line.filtered_resps[0]),
    }),
    score: Number(value),
    isTruncated: line.truncated === true,
  };
}

/** The continuation that the model found most likely, of those that it was asked about; null where it wrote. */
function chosenAnswer({
  arguments: asked,
  resps,
}: Line): Pick<TaskSample, "prompt" | "response" | "answer"> | null {
  const choices = Object.values(asked).map(({ arg_0: prompt, arg_1: continuation }, at) => {
    // The harness writes a likelihood as a text, or as a pair with whether it is what greedy decoding writes.
    const [likelihood] = [resps[at]?.[0]].flat();
    return { prompt, continuation, likelihood: Number(likelihood) };
  });
  if (choices.length === 0 || choices.some(({ continuation }) => typeof continuation !== "string"))
    return null;
  const chosen = choices.reduce((best, choice) => (choice.likelihood > best.likelihood ? choice : best));
  const response = String(chosen.continuation);
  return { prompt: String(chosen.prompt), response, answer: response.trim() };
}

/** Columns that hold what is asked, and those that make two questions of one wording different ones. */
const QUESTION_COLUMNS = ["question", "problem", "prompt", "query"];
const CONTEXT_COLUMNS = ["choices", "options", "context", "passage"];

/** The row, the prompt, and the question itself, which rows of other files and templates have too. */
function itemIds({ doc, doc_hash: row }: Line, prompt: string): string[] {
  const columns = Object.entries(doc).map(([name, value]) => [name.toLowerCase(), value] as const);
  const question = columns.find(
    ([name, value]) => QUESTION_COLUMNS.includes(name) && typeof value === "string",
  );
  const context = columns.filter(([name]) => CONTEXT_COLUMNS.includes(name)).map(([, value]) => value);
  const asked = question && JSON.stringify([String(question[1]).trim().replace(/\s+/g, " "), context]);
  return [row ?? JSON.stringify(doc), prompt, asked ?? ""].filter((id) => id !== "");
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "");
