/** @file Scores what a model said of the rows of a task, with each of the task's filters. */
import { createHash } from "node:crypto";
import { pythonStr } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import { checkAggregations } from "./aggregate.js";
import { rowMetrics } from "./answer-metrics.js";
import type { TaskRequest } from "./build-requests.js";
import { rowClusters } from "./row-clusters.js";
import { cutAtStops } from "./cut-at-stops.js";
import type { Document } from "./document.js";
import { filterPipeline } from "./filters/registry.js";
import { loggedSettings } from "./generation-settings.js";
import type { GenerationSettings } from "./task-config.js";
import type { MetricValue, ScoringTools } from "./metrics/metric.js";
import { type Task, targetField } from "./task.js";

/** What a model said of one row. */
export interface Answer {
  /** What it wrote, once for each repetition; empty where it scored. */
  readonly outputs: readonly Output[];
  /** The log-likelihood of each continuation; empty where it wrote. */
  readonly scores: readonly ContinuationLikelihood[];
}

/** A text that a model wrote. */
export interface Output {
  /** Before the stop strings have cut it. */
  readonly text: string;
  /** Whether it ended because the limit of tokens was reached; null where that is not known. */
  readonly truncated: boolean | null;
}

/** How likely a continuation is. */
export interface ContinuationLikelihood {
  readonly logProbability: number;
  /** Whether greedy decoding would write it; null where that was not asked. */
  readonly isGreedy: boolean | null;
}

/** A line of `samples_*.jsonl`, in the layout of lm-evaluation-harness, and whether the answer was cut. */
export interface Sample {
  readonly doc_id: number;
  readonly doc: Document;
  readonly target: string;
  readonly arguments: Readonly<Record<string, Readonly<Record<string, string | GenerationSettings>>>>;
  readonly resps: unknown;
  readonly filtered_resps: unknown;
  readonly filter: string;
  readonly metrics: readonly string[];
  /** SHA-256 of the row, the first prompt and the target. */
  readonly doc_hash: string;
  readonly prompt_hash: string;
  readonly target_hash: string;
  readonly truncated: boolean | null;
  /** Where rows of the task belong together: the name of this one's cluster. */
  readonly cluster?: string;
  /** The value of each metric, by its name. */
  readonly [metric: string]: unknown;
}

/** The values of a task's rows. */
export interface TaskScores {
  /** All lines of the first filter, then all of the next. */
  readonly samples: readonly Sample[];
  /** By metric and filter, in the order of the results: `exact_match,strict-match`. */
  readonly values: ReadonlyMap<string, readonly MetricValue[]>;
  /** The cluster of each row, as {@link rowClusters} has it. */
  readonly clusters: readonly string[] | null;
}

/** How answers are read. */
export interface ScoreOptions {
  readonly tools: ScoringTools;
  /** Where a text ends, in this order. */
  readonly stops: readonly string[];
}

/** The pipeline of a task that names none. */
const DEFAULT_FILTERS = [{ name: "none", filter: [{ function: "take_first" }] }];

/**
 * Makes pipelines and metrics without rows, to say what is wrong with them before a model is loaded.
 * @throws {DataError} `TASK_FILTER`, `TASK_METRIC`, `TASK_FUNCTION`, `TASK_REGEX`
 */
export function checkScoring({ config }: Pick<Task, "config">): void {
  for (const { name, filter } of config.filter_list ?? DEFAULT_FILTERS) {
    try {
      filterPipeline(name, filter);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      throw new DataError(error.code, `${config.task}, filter_list ${name}: ${error.message}`, {
        cause: error,
      });
    }
  }
  rowMetrics(config, "");
  checkAggregations(config);
}

/**
 * Scores answers to requests, which stand in the same order.
 *
 * @throws {DataError} `TASK_FILTER`, `TASK_METRIC`, `TASK_FUNCTION`, `TASK_ROW`, `TASK_REGEX`, `TASK_REGEX_TIME`
 */
export async function scoreTask(
  task: Task,
  requests: readonly TaskRequest[],
  answers: readonly Answer[],
  options: ScoreOptions,
): Promise<TaskScores> {
  const { config } = task;
  const metricsOf = rowMetrics(config, targetField(task, task.documents[0]!, config.doc_to_target));
  const samples: Sample[] = [];
  const values = new Map<string, MetricValue[]>();
  const clusters = rowClusters(task, requests);
  const records = requests.map((request, at) => recordOf(task, request, answers[at]!, options));
  for (const { name, filter } of config.filter_list ?? DEFAULT_FILTERS) {
    const pipeline = filterPipeline(name, filter);
    const scored = await Promise.all(
      records.map(async ({ request, answer, texts, ...record }) => {
        const isScored = answer.scores.length > 0;
        const filtered = pipeline.apply(texts, request.document);
        const logProbabilities = answer.scores.map(({ logProbability }) => logProbability);
        const metrics = await metricsOf(
          request,
          isScored ? { logProbabilities } : { filtered },
          options.tools,
        );
        const filteredResponses = isScored ? answer.scores.map(likelihoodTexts) : [filtered];
        return { record, filteredResponses, metrics };
      }),
    );
    for (const [at, { record, filteredResponses, metrics }] of scored.entries()) {
      const { truncated, doc_hash, prompt_hash, target_hash, ...asked } = record;
      samples.push({
        ...asked,
        filtered_resps: filteredResponses,
        filter: name,
        metrics: Object.keys(metrics),
        doc_hash,
        prompt_hash,
        target_hash,
        truncated,
        ...(clusters !== null && { cluster: clusters[at]! }),
        ...metrics,
      });
      for (const [metric, value] of Object.entries(metrics)) {
        const key = `${metric},${name}`;
        const own = values.get(key) ?? [];
        own.push(value);
        values.set(key, own);
      }
    }
  }
  return { samples, values, clusters };
}

/** What lines of all filters have in common. */
function recordOf(task: Task, request: TaskRequest, answer: Answer, { stops }: ScoreOptions) {
  const { document, documentId, target, prompts, continuations } = request;
  const texts = answer.outputs.map(({ text }) => cutAtStops(text, stops));
  const isScored = answer.scores.length > 0;
  const argumentsOf = (
    prompt: string | undefined,
    at: number,
  ): Record<string, string | GenerationSettings> => {
    if (prompt === undefined) return { arg_0: continuations[at]! };
    return {
      arg_0: prompt,
      arg_1: isScored ? continuations[at]! : loggedSettings(task.config),
    };
  };
  const asked = isScored ? continuations.map((_, at) => prompts[at]?.text) : prompts.map(({ text }) => text);
  return {
    request,
    answer,
    texts,
    doc_id: documentId,
    doc: document,
    target: pythonStr(target),
    arguments: Object.fromEntries(asked.map((prompt, at) => [`gen_args_${at}`, argumentsOf(prompt, at)])),
    resps: isScored ? answer.scores.map((score) => [likelihoodTexts(score)]) : [texts],
    doc_hash: sha256(JSON.stringify(document, null, 2)),
    prompt_hash: sha256(prompts[0]?.text ?? continuations[0] ?? ""),
    target_hash: sha256(pythonStr(target)),
    truncated: truncatedOf(answer),
  };
}

function truncatedOf({ outputs }: Answer): boolean | null {
  if (outputs.some(({ truncated }) => truncated)) return true;
  return outputs.length === 0 || outputs.some(({ truncated }) => truncated === null) ? null : false;
}

/** As the harness logs it: everything is text. */
function likelihoodTexts({ logProbability, isGreedy }: ContinuationLikelihood): string | string[] {
  const text = String(logProbability);
  return isGreedy === null ? text : [text, pythonStr(isGreedy)];
}

/** In hexadecimal digits. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
