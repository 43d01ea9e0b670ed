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
 * Tokens that a run trained in a second, which logged every one of its steps.
 *
 * @throws what `readMetrics` throws; {@link DataError} `TIMING_MISSING`
 */
export function tokensPerSecond(folder: string): number {
  let [seconds, tokens, before] = [0, 0, 0];
  for (const { values } of readMetrics(join(folder, "metrics.jsonl"))) {
    const { step, step_time: time, num_tokens: sum } = values;
    if (typeof time !== "number" || typeof sum !== "number") continue;
    if (step > WARM_UP_STEPS) {
      seconds += time;
      tokens += sum - before;
    }
    before = sum;
  }
  if (seconds > 0 && tokens > 0) return tokens / seconds;
  throw new DataError("TIMING_MISSING", `${folder} has no timed steps; remove it, and they are timed again`);
}
