import { setImmediate as nextTurn } from "node:timers/promises";
import { readAhead } from "../data/read-ahead.js";
import type { TokenRows } from "../data/token-store.js";
import type { EvaluationMetrics } from "./events.js";
import { addSums, emptySums } from "./sum-statistics.js";
import type { TrainingModel } from "./training-model.js";

/**
 * Means over all supervised tokens of `rows`: `eval_loss` is the plain negative log-likelihood whatever is trained,
 * because OTR's surrogate is no measure of quality; `eval_objective_loss` stands beside it, unless what is trained are
 * completions that the model writes.
 *
 * @param step keys the random draws of the objective
 * @param shouldStop asked before each batch; true gives up, and null is returned
 */
export async function evaluateLoss(
  model: TrainingModel,
  rows: TokenRows,
  batchSize: number,
  step: number,
  shouldStop: () => boolean = () => false,
): Promise<EvaluationMetrics | null> {
  const start = performance.now();
  const sums = emptySums();
  const batches = Math.ceil(rows.length / batchSize);
  const readBatch = readAhead(batches, (batch) => {
    const first = batch * batchSize;
    const size = Math.min(batchSize, rows.length - first);
    return rows.read(Array.from({ length: size }, (_, at) => first + at));
  });
  for (let batch = 0; batch < batches; batch++) {
    if (shouldStop()) return null;
    addSums(sums, model.evaluate(await readBatch(batch), step));
    await nextTurn();
  }
  return {
    eval_loss: sums.nll / sums.count,
    ...(!model.trainsRollouts && { eval_objective_loss: sums.loss / sums.count }),
    eval_mean_token_accuracy: sums.mean_token_accuracy / sums.count,
    eval_target_probability: sums.target_probability / sums.count,
    eval_entropy: sums.entropy / sums.count,
    eval_num_supervised_tokens: sums.count,
    eval_runtime: (performance.now() - start) / 1000,
  };
}
