/** @file What a model answered to the items of a task, as `eval/samples_TASK_*.jsonl` of a folder holds it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../errors.js";

/** An item of a task with a model's answer to it. */
export interface TaskSample {
  readonly docId: number;
  readonly prompt: string;
  /** The right answer. */
  readonly target: string;
  /** What the model wrote. */
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
    .map((sample) => taskSample(sample, path))
    .sort((a, b) => a.docId - b.docId);
}

/** Files carry the date behind the task: `samples_gsm8k_2026-01-31T10-00-00.jsonl`. */
function newestFile(folder: string, task: string): string {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const own = names.filter((name) => {
    const date = name.startsWith(`samples_${task}_`) ? name.slice(`samples_${task}_`.length) : "";
    return /^\d{4}-.*\.jsonl$/.test(date);
  });
  const newest = own.sort().at(-1);
  if (newest !== undefined) return join(folder, newest);
  throw new DataError(
    "SAMPLES_MISSING",
    `${folder} holds no samples_${task}_*.jsonl, so nothing is known of that task; remove measurement.json beside it, and it is measured again`,
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

function taskSample(line: Line, path: string): TaskSample {
  const [first = {}] = Object.values(line.arguments);
  const metric = line.metrics[0]!;
  const value = line[metric];
  if (typeof value !== "boolean" && (typeof value !== "number" || !Number.isFinite(value))) {
    throw new DataError(
      "TASK_NOT_COMPARABLE",
      `${path}: the metric ${metric} is no number for item ${line.doc_id}, and items are what is compared; leave the task out`,
    );
  }
  return {
    docId: line.doc_id,
    prompt: String(first.arg_0 ?? ""),
    target: textOf(line.target),
    response: textOf(line.resps[0]?.[0]),
    answer: textOf(line.filtered_resps[0]),
    score: Number(value),
    isTruncated: line.truncated === true,
  };
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "");
