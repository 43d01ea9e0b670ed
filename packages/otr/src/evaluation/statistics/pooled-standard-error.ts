import { DataError } from "../../errors.js";

/** A task of a group. */
export interface SubtaskError {
  /** Items, at least two. */
  readonly size: number;
  readonly standardError: number;
}

/**
 * The standard error of a group's mean over all items of its tasks, as lm-evaluation-harness's `pooled_sample_stderr`:
 * `sqrt(sum_t (n_t - 1) n_t e_t^2 / (N - T) / N)`, with N items in T tasks (pooled variance, over N).
 *
 * @throws {DataError} `STATISTICS_COUNTS` without tasks, or where one has fewer than two items
 */
export function pooledStandardError(subtasks: readonly SubtaskError[]): number {
  if (subtasks.length === 0 || subtasks.some(({ size }) => !Number.isSafeInteger(size) || size < 2)) {
    throw new DataError(
      "STATISTICS_COUNTS",
      "the standard error of a group needs tasks of at least two items each; leave smaller ones out of the group",
    );
  }
  const items = subtasks.reduce((sum, { size }) => sum + size, 0);
  const squares = subtasks.reduce(
    (sum, { size, standardError }) => sum + (size - 1) * size * standardError ** 2,
    0,
  );
  return Math.sqrt(squares / (items - subtasks.length) / items);
}
