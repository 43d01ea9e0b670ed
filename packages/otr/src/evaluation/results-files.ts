/** @file `results_*.json` and `samples_*.jsonl`, in the layout of lm-evaluation-harness. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import type { MetricResult } from "./aggregate.js";
import type { Evaluation, GroupEvaluation, TaskEvaluation } from "./evaluate.js";
import { loggedSettings } from "./generation-settings.js";
import { sha256 } from "./score-task.js";
import { FunctionName, type TaskConfig } from "./task-config.js";
import { taskFileName } from "./task-file-name.js";

/** What is recorded beside the results. */
export interface ResultsContext {
  /** What was evaluated: the name or path of a model, or of a file of predictions. */
  readonly model: string;
  /** Options of the run, by the names that the command line has. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly systemInstruction: string | null;
  readonly fewshotAsMultiturn: boolean;
  /** The source of the chat template; null where it was not applied. */
  readonly chatTemplate: string | null;
  /** When the evaluation began. */
  readonly date: Date;
  /** Of this program. */
  readonly version: string;
}

/** A results file: that of the harness, with intervals, truncated answers and programs beside it. */
export interface ResultsDocument {
  readonly results: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

/** The content of `results_*.json`. */
export function resultsDocument(evaluation: Evaluation, context: ResultsContext): ResultsDocument {
  const { tasks, groups } = evaluation;
  const byName = <Value>(make: (each: TaskEvaluation) => Value): Record<string, Value> =>
    Object.fromEntries(tasks.map((each) => [each.task.config.task, make(each)]));
  const groupResults = Object.fromEntries(groups.map((each) => [each.group.group, groupResult(each, tasks)]));
  const { systemInstruction, chatTemplate, fewshotAsMultiturn, date } = context;
  return {
    results: { ...byName(taskResult), ...groupResults },
    ...(groups.length > 0 && { groups: groupResults }),
    group_subtasks: Object.fromEntries(groups.map(({ group }) => [group.group, group.task])),
    configs: byName(({ task }) => loggedConfig(task.config)),
    versions: {
      ...byName(({ task }) => task.config.metadata?.version ?? "Yaml"),
      ...Object.fromEntries(groups.map(({ group }) => [group.group, versionText(group.metadata?.version)])),
    },
    "n-shot": byName(({ task }) => task.config.num_fewshot),
    higher_is_better: {
      ...byName(higherIsBetter),
      ...Object.fromEntries(groups.map(({ group, metrics }) => [group.group, directions(metrics)])),
    },
    "n-samples": byName(({ task, rows }) => ({ original: task.documents.length, effective: rows })),
    truncated: byName(({ truncated }) => truncated),
    programs: byName(({ programs }) => programs),
    clusters: byName(({ clusters }) => clusters),
    intervals: Object.fromEntries([
      ...tasks.map(({ task, metrics }) => [task.config.task, intervals(metrics)]),
      ...groups.map(({ group, metrics }) => [group.group, intervals(metrics)]),
    ]),
    config: { model: context.model, ...context.config },
    date: date.getTime() / 1000,
    otr_version: context.version,
    task_hashes: byName(({ samples }) =>
      sha256(samples.map((sample) => sample.doc_hash + sample.prompt_hash + sample.target_hash).join("")),
    ),
    model_source: "otr",
    model_name: context.model,
    system_instruction: systemInstruction,
    system_instruction_sha: systemInstruction === null ? null : sha256(systemInstruction),
    fewshot_as_multiturn: fewshotAsMultiturn,
    chat_template: chatTemplate,
    chat_template_sha: chatTemplate === null ? null : sha256(chatTemplate),
    total_evaluation_time_seconds: String(evaluation.seconds),
  };
}

/** A group's version is written as text, as Python writes a number with a decimal point. */
function versionText(version: string | number | undefined): string | null {
  if (typeof version === "number") return Number.isInteger(version) ? version.toFixed(1) : String(version);
  return version ?? null;
}

function taskResult({ task, metrics, rows }: TaskEvaluation): Record<string, unknown> {
  const { task: name, task_alias: alias } = task.config;
  return { name, alias: alias ?? name, sample_len: rows, ...metricFields(metrics) };
}

function groupResult(
  { group, metrics }: GroupEvaluation,
  tasks: readonly TaskEvaluation[],
): Record<string, unknown> {
  const name = group.group;
  const rows = tasks
    .filter(({ task }) => task.groups.includes(name))
    .reduce((sum, each) => sum + each.rows, 0);
  const counts = Object.fromEntries(metrics.map((each) => [`${each.metric},${each.filter}`, each.count]));
  return {
    alias: group.group_alias ?? name,
    name,
    ...(metrics.length > 0 && { sample_len: rows, ...metricFields(metrics), sample_count: counts }),
  };
}

const metricFields = (metrics: readonly MetricResult[]): Record<string, unknown> =>
  Object.fromEntries(
    metrics.flatMap(({ metric, filter, value, standardError }) => [
      [`${metric},${filter}`, value],
      [`${metric}_stderr,${filter}`, standardError ?? "N/A"],
    ]),
  );

const intervals = (metrics: readonly MetricResult[]): Record<string, unknown> =>
  Object.fromEntries(
    metrics.map(({ metric, filter, interval }) => [
      `${metric},${filter}`,
      interval === null ? null : [interval.low, interval.high],
    ]),
  );

/** By metric; a function that gives several is there by its own name too, as in the harness. */
function higherIsBetter({ task, metrics }: TaskEvaluation): Record<string, boolean> {
  const named = task.config.metric_list.flatMap(({ metric, higher_is_better: isBetter = true }) =>
    metric instanceof FunctionName ? [[metric.name.split(".").at(-1)!, isBetter] as const] : [],
  );
  return { ...Object.fromEntries(named), ...directions(metrics) };
}

const directions = (metrics: readonly MetricResult[]): Record<string, boolean> =>
  Object.fromEntries(metrics.map(({ metric, higherIsBetter: isBetter }) => [metric, isBetter]));

/** A task's fields that are set, its defaults filled in, as the harness writes them. */
function loggedConfig(config: TaskConfig): Record<string, unknown> {
  const { fewshot_config: own, output_type: type, ...fields } = config;
  const fewshot_config = {
    sampler: own?.sampler ?? "default",
    split: own?.split ?? config.fewshot_split,
    process_docs: own?.process_docs ?? config.process_docs,
    fewshot_indices: own?.fewshot_indices ?? null,
    samples: own?.samples ?? null,
    doc_to_text: own?.doc_to_text ?? config.doc_to_text,
    doc_to_choice: own?.doc_to_choice ?? config.doc_to_choice,
    doc_to_target: own?.doc_to_target ?? config.doc_to_target,
    gen_prefix: own?.gen_prefix ?? config.gen_prefix,
    fewshot_delimiter: own?.fewshot_delimiter ?? config.fewshot_delimiter,
    target_delimiter: own?.target_delimiter ?? config.target_delimiter,
  };
  const generation_kwargs = type === "generate_until" ? loggedSettings(config) : null;
  const all = { ...fields, output_type: type, fewshot_config, generation_kwargs };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/**
 * Writes the results, and with `logSamples` the samples. Answers that were kept until then are removed.
 *
 * @returns the path of the results file
 */
export async function writeResults(
  folder: string,
  evaluation: Evaluation,
  context: ResultsContext,
  logSamples: boolean,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const stamp = context.date.toISOString().replace("Z", "").replaceAll(":", "-");
  const document = resultsDocument(evaluation, context);
  if (logSamples) {
    for (const { task, samples } of evaluation.tasks) {
      const lines = samples.map((sample) => `${JSON.stringify(sample)}\n`).join("");
      await writeFileAtomically(
        join(folder, `samples_${taskFileName(task.config.task)}_${stamp}.jsonl`),
        lines,
      );
    }
  }
  const path = join(folder, `results_${stamp}.json`);
  await writeFileAtomically(path, `${JSON.stringify(document, null, 2)}\n`);
  for (const kept of evaluation.keptFiles) rmSync(kept, { force: true });
  return path;
}
