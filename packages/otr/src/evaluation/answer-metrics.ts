/** @file The metrics of a task: what they say of one row, and how rows become one number. */
import { z } from "zod";
import { closest } from "../config/closest.js";
import { pythonStr, type PythonValue } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import type { TaskRequest } from "./build-requests.js";
import { RowError } from "./document.js";
import { choiceAccuracy, CHOICE_METRICS } from "./metrics/choice-accuracy.js";
import { exactMatch } from "./metrics/exact-match.js";
import type { AnswerMetric, MetricValues, ScoringTools } from "./metrics/metric.js";
import { PERPLEXITY_METRICS, textScore } from "./metrics/perplexity.js";
import { FunctionName, type MetricConfig, type TaskConfig } from "./task-config.js";
import { metricFunction, resultsFunction } from "./task-functions.js";

/** What a model said of a row: texts, or the log-likelihood of each continuation. */
export type Response =
  | { readonly filtered: string | readonly string[] }
  | { readonly logProbabilities: readonly number[] };

/** The metrics of one row; what is scored whole gives the log-likelihood, and the counts of its text. */
export type RowMetrics = (
  request: TaskRequest,
  response: Response,
  tools: ScoringTools,
) => Promise<MetricValues>;

/**
 * Makes the metrics of a task.
 *
 * @param firstTarget the target of the first row: where it is a list, each row has several right answers
 * @throws {DataError} `TASK_METRIC` for metrics that are not known or fit the task's output, `TASK_FUNCTION`
 */
export function rowMetrics(config: TaskConfig, firstTarget: PythonValue | number): RowMetrics {
  if (config.process_results !== null) {
    const process = resultsFunction(config.process_results);
    return async ({ document, documentId }, response, tools) => {
      const text = oneText(config, response);
      try {
        return await process(document, text, tools);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        throw new DataError("TASK_ROW", `${config.task}: row ${documentId} ${error.message}`, {
          cause: error,
        });
      }
    };
  }
  if (config.output_type === "multiple_choice") return choiceMetrics(config);
  if (config.output_type === "loglikelihood_rolling") return textMetrics(config);
  const metrics = config.metric_list.map((metric) => generatedMetric(config, metric));
  const hasSeveral = Array.isArray(firstTarget);
  return async (request, response, tools) => {
    const references = referencesOf(request, hasSeveral);
    const values = await Promise.all(metrics.map((metric) => metric(references, response, tools)));
    return Object.assign({}, ...values);
  };
}

type GeneratedMetric = (
  references: readonly string[],
  response: Response,
  tools: ScoringTools,
) => Promise<MetricValues>;

function generatedMetric(
  config: TaskConfig,
  { metric, aggregation: _aggregation, higher_is_better: _isBetter, ...settings }: MetricConfig,
): GeneratedMetric {
  if (metric instanceof FunctionName) {
    const measure: AnswerMetric = metricFunction(metric);
    return ([reference = ""], response, tools) =>
      measure({ reference, predictions: texts(response) }, settings, tools);
  }
  if (metric !== "exact_match") throw unknownMetric(config, metric, ["exact_match"]);
  try {
    const isEqual = exactMatch(settings);
    return async (references, response) => {
      const answer = oneText(config, response);
      return { exact_match: Number(references.some((reference) => isEqual(reference, answer))) };
    };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new DataError(
      "TASK_METRIC",
      `${config.task}: exact_match has wrong settings: ${z.prettifyError(error)}`,
    );
  }
}

function referencesOf({ target, choices }: TaskRequest, hasSeveral: boolean): readonly string[] {
  if (choices.length > 0 && typeof target === "number") return [choices[target] ?? ""];
  if (hasSeveral && Array.isArray(target)) return target.map((each: PythonValue) => pythonStr(each));
  return [pythonStr(target)];
}

function choiceMetrics(config: TaskConfig): RowMetrics {
  const names = config.metric_list.map(({ metric }) => knownName(config, metric, CHOICE_METRICS));
  return async (request, response) => {
    if (!("logProbabilities" in response)) throw new Error("choices are scored by log-likelihood");
    return choiceAccuracy(names, request.choices, response.logProbabilities, rightChoice(config, request));
  };
}

/** The numbers of the right choices. */
function rightChoice({ task }: TaskConfig, { documentId, choices, gold }: TaskRequest): number[] {
  return [gold].flat().map((each: PythonValue | number) => {
    const at = typeof each === "number" ? each : choices.indexOf(pythonStr(each));
    if (at >= 0 && at < choices.length) return at;
    throw new DataError("TASK_ROW", `${task}: the right answer of row ${documentId} is none of its choices`);
  });
}

function textMetrics(config: TaskConfig): RowMetrics {
  const names = config.metric_list.map(({ metric }) =>
    knownName(config, metric, Object.keys(PERPLEXITY_METRICS)),
  );
  return async ({ continuations: [text = ""] }, response) => {
    if (!("logProbabilities" in response)) throw new Error("texts are scored by log-likelihood");
    const score = textScore(text, response.logProbabilities[0]!);
    return Object.fromEntries(names.map((name) => [name, score]));
  };
}

function knownName(config: TaskConfig, metric: string | FunctionName, known: readonly string[]): string {
  if (typeof metric === "string" && known.includes(metric)) return metric;
  throw unknownMetric(config, metric instanceof FunctionName ? metric.name : metric, known);
}

function unknownMetric(
  { task, output_type: type }: TaskConfig,
  metric: string,
  known: readonly string[],
): DataError {
  const meant = closest(metric, known);
  const hint = meant === null ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
  return new DataError(
    "TASK_METRIC",
    `${task}: there is no metric ${metric} for the output ${type}; ${hint}`,
  );
}

const texts = (response: Response): readonly string[] =>
  "filtered" in response ? [response.filtered].flat() : [];

function oneText({ task }: TaskConfig, response: Response): string {
  if ("filtered" in response && typeof response.filtered === "string") return response.filtered;
  throw new DataError(
    "TASK_FILTER",
    `${task}: its metric scores one answer a row; end each of its filters with take_first`,
  );
}
