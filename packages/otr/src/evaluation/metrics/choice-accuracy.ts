/** @file Metrics of tasks in which a model chooses: by the log-likelihood of each choice. */
import type { MetricValues } from "./metric.js";

/** The name of each metric, and what a choice's log-likelihood is divided by. */
const LENGTHS: Readonly<Record<string, (choice: string) => number>> = {
  acc: () => 1,
  acc_norm: (choice) => [...choice].length,
  acc_bytes: (choice) => Buffer.byteLength(choice),
};

/** The metrics that are known. */
export const CHOICE_METRICS: readonly string[] = Object.keys(LENGTHS);

/**
 * Whether the likeliest choice is right: `acc` by log-likelihood, `acc_norm` by that of a character (Unicode code point),
 * `acc_bytes` by that of a byte. Of equally likely choices the first counts.
 *
 * @param gold the number of the right choice; of several where more than one is right
 */
export function choiceAccuracy(
  metrics: readonly string[],
  choices: readonly string[],
  logProbabilities: readonly number[],
  gold: number | readonly number[],
): MetricValues {
  const right = [gold].flat();
  return Object.fromEntries(
    metrics.map((metric) => {
      const scores = choices.map((choice, at) => logProbabilities[at]! / LENGTHS[metric]!(choice));
      return [metric, Number(right.includes(scores.indexOf(Math.max(...scores))))] as const;
    }),
  );
}
