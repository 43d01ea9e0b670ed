import type { MetricsValues } from "../read-metrics.js";

/** The numbers of a line but for its place (`step`, `time`). What was no number when it was written is null, and left out. */
export function scalars({ step: _, time: __, ...values }: MetricsValues): [name: string, value: number][] {
  return Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number");
}

/** As Transformers names metrics for TensorBoard, trackio and wandb: `eval/loss` for `eval_loss`, `train/loss` for `loss`. */
export const groupedName = (name: string): string =>
  name.startsWith("eval_") ? `eval/${name.slice("eval_".length)}` : `train/${name}`;

/** Unix seconds of a line. */
export const timeOf = ({ time }: MetricsValues): number =>
  typeof time === "number" ? time : Date.now() / 1000;
