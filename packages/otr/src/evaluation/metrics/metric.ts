/** @file What metrics say, and what they may use. */
import type { TextScore } from "./perplexity.js";

/** The value of a metric for one row: a number, a truth, several that are counted one by one, or the counts of a text. */
export type MetricValue = number | boolean | readonly boolean[] | TextScore;
/** By the name of the metric. */
export type MetricValues = Readonly<Record<string, MetricValue>>;

/** What functions that score may use. */
export interface ScoringTools {
  /** Whether a program runs to its end without an exception, in the sandbox. */
  runProgram(program: string): Promise<boolean>;
}

/** A metric that looks at generated answers. `predictions` are the answers to one row: several where the task repeats. */
export type AnswerMetric = (
  answer: { readonly reference: string; readonly predictions: readonly string[] },
  settings: Readonly<Record<string, unknown>>,
  tools: ScoringTools,
) => Promise<MetricValues>;
