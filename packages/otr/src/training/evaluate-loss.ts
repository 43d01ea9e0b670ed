import { setImmediate as nextTurn } from "node:timers/promises";
import type { EncodedRow } from "../data/encoded-row.js";
import type { EvaluationMetrics } from "./events.js";
import { addSums, emptySums } from "./sum-statistics.js";
import type { TrainingModel } from "./training-model.js";

/**
 * Means over all supervised tokens of `rows`: `eval_loss` is the plain negative log-likelihood whatever is trained,
 * because OTR's surrogate is no measure of quality; `eval_objective_loss` stands beside it.
 *
 * @param step keys the random draws of the objective
 * @param shouldStop asked before each batch; true gives up, and null is returned
 */
export async function evaluateLoss(
  model: TrainingModel,
  rows: readonly EncodedRow[],
  batchSize: number,
  step: number,
  shouldStop: () => boolean = () => false,
): Promise<EvaluationMetrics | null> {
  const start = performance.now();
  const sums = emptySums();
  for (let first = 0; first < rows.length; first += batchSize) {
    if (shouldStop()) return null;
    addSums(sums, model.evaluate(rows.slice(first, first + batchSize), step));
    await nextTurn();
  }
  return {
    eval_loss: sums.nll / sums.count,
    eval_objective_loss: sums.loss / sums.count,
    eval_mean_token_accuracy: sums.mean_token_accuracy / sums.count,
    eval_target_probability: sums.target_probability / sums.count,
    eval_entropy: sums.entropy / sums.count,
    eval_num_supervised_tokens: sums.count,
    eval_runtime: (performance.now() - start) / 1000,
  };
}
