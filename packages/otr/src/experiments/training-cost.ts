/** @file What a finished run has cost, from its record. */
import { join } from "node:path";
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

/**
 * Seconds of each step of a run that logged every one of them.
 *
 * @throws what `readMetrics` throws
 */
export const stepTimes = (folder: string): number[] =>
  [...readMetrics(join(folder, "metrics.jsonl"))].flatMap(({ values: { step_time: time } }) =>
    typeof time === "number" ? [time] : [],
  );
