/** @file What a finished run has cost, from its record. */
import { join } from "node:path";
import { DataError } from "../errors.js";
import { readMetrics } from "../training/read-metrics.js";
import { readRunRecord } from "../training/run-record.js";
import type { Measurement } from "./measurement.js";

type TrainingCost = NonNullable<Measurement["training"]>;

/**
 * Sums over `metrics.jsonl`, so that a run which was stopped and went on has its whole cost.
 *
 * @throws what `readMetrics` and `readRunRecord` throw
 */
export function trainingCost(folder: string): TrainingCost {
  let [steps, seconds, tokens, supervised, memory] = [0, 0, 0, 0, 0];
  for (const { values } of readMetrics(join(folder, "metrics.jsonl"))) {
    const { step, step_time: stepTime, num_tokens, num_supervised_tokens, memory_bytes } = values;
    if (typeof stepTime !== "number") continue;
    seconds += stepTime * (step - steps);
    steps = step;
    tokens = Number(num_tokens ?? tokens);
    supervised = Number(num_supervised_tokens ?? supervised);
    memory = Math.max(memory, Number(memory_bytes ?? 0));
  }
  const evalLoss = readRunRecord(folder)?.results.eval_loss;
  return {
    steps,
    tokens,
    supervised_tokens: supervised,
    seconds,
    memory_bytes: memory,
    eval_loss: typeof evalLoss === "number" ? evalLoss : null,
  };
}

/** Steps at the start of a run that are slower than the rest: memory is asked for and caches are empty. */
const WARM_UP_STEPS = 2;

/**
 * Median seconds of a step, of a run that logged every one of its steps.
 *
 * @param cycle steps of which one takes longer: their mean is what counts
 * @throws what `readMetrics` throws
 */
export function medianStepTime(folder: string, cycle = 1): number {
  const all = [...readMetrics(join(folder, "metrics.jsonl"))].flatMap(({ values: { step_time: time } }) =>
    typeof time === "number" ? [time] : [],
  );
  const cycles = Array.from({ length: Math.floor(all.length / cycle) }, (_, at) =>
    all.slice(at * cycle, (at + 1) * cycle),
  );
  const times = cycles
    .slice(Math.ceil(WARM_UP_STEPS / cycle))
    .map((some) => some.reduce((sum, time) => sum + time, 0) / some.length);
  const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  if (middle === undefined)
    throw new DataError(
      "TIMING_MISSING",
      `${folder} has no timed steps; remove it, and they are timed again`,
    );
  return middle;
}
