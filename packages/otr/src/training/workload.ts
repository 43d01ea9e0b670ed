/** @file How much a run computes, from the lengths of its rows. */
import type { BatchPlan } from "../data/batches.js";

/** The work of a run. */
export interface Workload {
  readonly totalSteps: number;
  /** Means over the steps. */
  readonly rowsPerStep: number;
  readonly tokensPerStep: number;
  readonly microBatchesPerStep: number;
  /** Of the whole run. */
  readonly totalTokens: number;
  /** Indices of the rows of the micro-batch with most tokens. */
  readonly largest: Uint32Array;
  /** Those of a few micro-batches from the whole run. */
  readonly samples: readonly Uint32Array[];
}

/** Steps that are looked at; a longer run is taken to go on in the same way. */
const MOST_STEPS = 100_000;
const SAMPLES = 6;

/**
 * Sums over the micro-batches of a run.
 *
 * @param completions of each row, where the model writes them: each is taken to be as long as the row's own
 */
export function measureWorkload(plan: BatchPlan, lengths: Uint32Array, completions = 1): Workload {
  const steps = Math.min(plan.totalSteps, MOST_STEPS);
  const tokensOf = (batch: Uint32Array) => batch.reduce((sum, row) => sum + lengths[row]!, 0);
  let [tokens, rows, microBatches] = [0, 0, 0];
  let largest = new Uint32Array();
  for (let step = 0; step < steps; step++) {
    for (const batch of plan.microBatches(step)) {
      tokens += tokensOf(batch);
      rows += batch.length;
      microBatches++;
      if (tokensOf(batch) > tokensOf(largest)) largest = new Uint32Array(batch);
    }
  }
  const count = Math.min(SAMPLES, steps);
  const samples = Array.from(
    { length: count },
    (_, at) => plan.microBatches(Math.floor((at * steps) / count))[0]!,
  );
  return {
    totalSteps: plan.totalSteps,
    rowsPerStep: (completions * rows) / steps,
    tokensPerStep: (completions * tokens) / steps,
    microBatchesPerStep: microBatches / steps,
    totalTokens: Math.round(((completions * tokens) / steps) * plan.totalSteps),
    largest,
    samples,
  };
}
