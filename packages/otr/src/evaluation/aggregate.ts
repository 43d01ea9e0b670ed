/** @file The results of tasks and groups: one number a metric, its standard error and its interval. */
import { DataError } from "../errors.js";
import { PERPLEXITY_METRICS, type TextScore } from "./metrics/perplexity.js";
import { clusteredStandardError } from "./statistics/clustered-standard-error.js";
import type { Interval } from "./statistics/interval.js";
import { pooledStandardError } from "./statistics/pooled-standard-error.js";
import { mean, standardError } from "./statistics/standard-error.js";
import { tInterval } from "./statistics/t-interval.js";
import { wilsonInterval, wilsonIntervalOfRate } from "./statistics/wilson-interval.js";
import { FunctionName, type GroupConfig, type MetricConfig, type TaskConfig } from "./task-config.js";
import type { MetricValue } from "./metrics/metric.js";
import { aggregationFunction } from "./task-functions.js";
import type { TaskScores } from "./score-task.js";
import type { Task } from "./task.js";

/** A metric of a task or group. */
export interface MetricResult {
  readonly metric: string;
  readonly filter: string;
  readonly value: number;
  /** Counts rows that belong together as one draw; null where there is no formula for it, and for a single row. */
  readonly standardError: number | null;
  /** 95 %: by Wilson for rates, else by t; null without a standard error. */
  readonly interval: Interval | null;
  readonly higherIsBetter: boolean;
  /** How many values the number is made of. */
  readonly count: number;
}

/** Metrics of which less is better where the task does not say. */
const LOWER_IS_BETTER = new Set(Object.keys(PERPLEXITY_METRICS));

/** The results of a task. */
export function aggregateTask({ config }: Task, { values, clusters }: TaskScores): MetricResult[] {
  return [...values].map(([key, items]) => {
    const [metric, filter] = splitKey(key);
    const settings = settingsOf(config.metric_list, metric);
    return {
      metric,
      filter,
      higherIsBetter: settings?.higher_is_better ?? !LOWER_IS_BETTER.has(metric),
      count: items.length,
      ...summary(metric, settings?.aggregation, items, clusters),
    };
  });
}

const splitKey = (key: string): [string, string] => {
  const comma = key.indexOf(",");
  return [key.slice(0, comma), key.slice(comma + 1)];
};

/** A function that gives several metrics stands for all of them. */
const settingsOf = (list: readonly MetricConfig[], name: string): MetricConfig | undefined =>
  list.find(({ metric }) => metric === name) ?? list.find(({ metric }) => metric instanceof FunctionName);

/**
 * Makes sure that the rows of a task can become one number, before they are asked about.
 * @throws {DataError} `TASK_METRIC`, `TASK_FUNCTION` for an aggregation that is not known
 */
export function checkAggregations({ task, metric_list: metrics }: TaskConfig): void {
  for (const { metric, aggregation = "mean" } of metrics) {
    if (aggregation instanceof FunctionName) aggregationFunction(aggregation);
    else if (aggregation !== "mean" && !(typeof metric === "string" && metric in PERPLEXITY_METRICS)) {
      const name = metric instanceof FunctionName ? metric.name : metric;
      throw new DataError(
        "TASK_METRIC",
        `${task}: there is no aggregation ${aggregation} for ${name}; known is mean`,
      );
    }
  }
}

function summary(
  metric: string,
  aggregation: string | FunctionName | undefined,
  items: readonly MetricValue[],
  clusters: readonly string[] | null,
): Pick<MetricResult, "value" | "standardError" | "interval"> {
  if (aggregation instanceof FunctionName) {
    return { value: aggregationFunction(aggregation)(items), standardError: null, interval: null };
  }
  const perplexity = Object.hasOwn(PERPLEXITY_METRICS, metric) ? PERPLEXITY_METRICS[metric] : undefined;
  if (perplexity !== undefined) {
    return { value: perplexity(items.filter(isTextScore)), standardError: null, interval: null };
  }
  const numbers = items.map(Number);
  const value = mean(numbers);
  if (clusters !== null) return { value, ...clusteredError(numbers, value, clusters) };
  const error = standardError(numbers);
  return { value, standardError: error, interval: intervalOf(numbers, value, error) };
}

const isTextScore = (item: MetricValue): item is TextScore => typeof item === "object" && "words" in item;

function intervalOf(numbers: readonly number[], value: number, error: number | null): Interval | null {
  if (numbers.length < 2) return null;
  if (!isRate(numbers)) return tInterval(value, error, numbers.length - 1);
  return wilsonInterval(numbers.filter((number) => number === 1).length, numbers.length);
}

/**
 * Of a rate: Wilson's interval with the number of independent rows that would have this error, at most all rows; at 0 and 1,
 * where the error says nothing, with the number of clusters.
 */
function clusteredError(
  numbers: readonly number[],
  value: number,
  names: readonly string[],
): Pick<MetricResult, "standardError" | "interval"> {
  const { standardError: error, clusters } = clusteredStandardError(numbers, names);
  if (error === null) return { standardError: null, interval: null };
  if (!isRate(numbers)) return { standardError: error, interval: tInterval(value, error, clusters - 1) };
  const variance = value * (1 - value);
  const rows = variance === 0 ? clusters : Math.min(numbers.length, variance / error ** 2);
  return { standardError: error, interval: wilsonIntervalOfRate(value, rows) };
}

const isRate = (numbers: readonly number[]): boolean =>
  numbers.every((number) => number === 0 || number === 1);

/**
 * The results of a group from those of its tasks, as the harness pools them.
 *
 * @param results of all tasks and groups so far, by name
 */
export function aggregateGroup(
  { aggregate_metric_list: wanted, task: children }: GroupConfig,
  results: ReadonlyMap<string, readonly MetricResult[]>,
): MetricResult[] {
  const parts = children.map((child) => results.get(child) ?? []);
  return (wanted ?? []).flatMap(({ metric, filter_list: filters, weight_by_size: isWeighted }) => {
    const found = parts.map((own) => own.filter((each) => each.metric === metric));
    const names = filters === null ? found.flat().map(({ filter }) => filter) : [filters].flat();
    return [...new Set(names)].flatMap((filter) => {
      const own = found.flatMap((each) => each.filter((result) => result.filter === filter));
      return own.length === 0 ? [] : [pooled(own, isWeighted)];
    });
  });
}

function pooled(parts: readonly MetricResult[], isWeighted: boolean): MetricResult {
  const weightOf = ({ count }: MetricResult) => (isWeighted ? count : 1);
  const total = parts.reduce((sum, part) => sum + weightOf(part), 0);
  const value = parts.reduce((sum, part) => sum + part.value * weightOf(part), 0) / total;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const errors = parts.flatMap(({ count: size, standardError: error }) =>
    error === null ? [] : [{ size, standardError: error }],
  );
  const error = errors.length === parts.length ? pooledStandardError(errors) : null;
  const { metric, filter, higherIsBetter } = parts[0]!;
  return {
    metric,
    filter,
    higherIsBetter,
    value,
    count,
    standardError: error,
    interval: tInterval(value, error, count - 1),
  };
}
