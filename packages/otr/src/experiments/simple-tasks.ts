/** @file Tasks in which a model writes an answer that is compared with the right one. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Template } from "@huggingface/jinja";
import { parse } from "yaml";
import { z } from "zod";
import { DataError } from "../errors.js";
import { generate } from "../generation/generate.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import type { MeasuredModel } from "./measured-model.js";
import { EVALUATIONS } from "./task-samples.js";

const taskSchema = z.looseObject({
  task: z.string().regex(/^[\w.-]{1,100}$/),
  dataset_kwargs: z.looseObject({ data_files: z.object({ test: z.string() }) }),
  doc_to_text: z.string(),
  doc_to_target: z.string(),
  generation_kwargs: z.looseObject({ until: z.array(z.string()), max_gen_toks: z.int().min(1).default(256) }),
  filter_list: z
    .array(z.looseObject({ filter: z.array(z.looseObject({ regex_pattern: z.string().optional() })) }))
    .default([]),
});
/** A task as its YAML file says it. */
export type SimpleTask = z.output<typeof taskSchema>;

/**
 * Reads a task's file.
 *
 * @throws {DataError} `TASK_INVALID`
 */
export function readSimpleTask(path: string): SimpleTask {
  try {
    return taskSchema.parse(parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new DataError(
      "TASK_INVALID",
      `${path} is no task that can be measured: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

const itemsFile = (
  path: string,
  {
    dataset_kwargs: {
      data_files: { test: file },
    },
  }: SimpleTask,
): string => resolve(dirname(path), file);

/** A hash of a task and its items. */
export function taskFingerprint(path: string): string {
  const hash = createHash("sha256").update(readFileSync(path));
  return hash.update(readFileSync(itemsFile(path, readSimpleTask(path)))).digest("hex");
}

/** Lets the model answer the items, and writes them with their scores to `eval/` of the folder. */
export async function evaluateSimpleTask(
  { model, tokenizer }: MeasuredModel,
  path: string,
  folder: string,
): Promise<void> {
  const task = readSimpleTask(path);
  const lines = readFileSync(itemsFile(path, task), "utf8").split("\n");
  const docs = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
  const [text, target] = [new Template(task.doc_to_text), new Template(task.doc_to_target)];
  const prompts = docs.map((doc) => text.render(doc));
  const { until, max_gen_toks: maxNewTokens } = task.generation_kwargs;
  const options = { maxNewTokens, stopStrings: until, temperature: 0, batchSize: 200 };
  const generations = await generate(model, tokenizer, prompts, options);
  const pattern = task.filter_list[0]?.filter[0]?.regex_pattern;
  const samples = generations.map(({ text: response, finishReason }, id) => {
    const right = target.render(docs[id]!);
    const answer =
      pattern === undefined ? response : (new RegExp(pattern).exec(response)?.[1] ?? "[invalid]");
    return {
      doc_id: id,
      doc: docs[id],
      target: right,
      arguments: { gen_args_0: { arg_0: prompts[id], arg_1: task.generation_kwargs } },
      resps: [[response]],
      filtered_resps: [answer],
      filter: "none",
      metrics: ["exact_match"],
      exact_match: answer === right ? 1 : 0,
      truncated: finishReason === "length",
    };
  });
  mkdirSync(join(folder, EVALUATIONS), { recursive: true });
  const name = `samples_${task.task}_${new Date().toISOString().replaceAll(":", "-")}.jsonl`;
  await writeFileAtomically(
    join(folder, EVALUATIONS, name),
    samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""),
  );
}
