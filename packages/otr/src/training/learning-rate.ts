import type { TrainConfig } from "../config/train-options.js";

type ScheduleOptions = Pick<
  TrainConfig,
  "learningRate" | "lrSchedulerType" | "lrSchedulerKwargs" | "warmupSteps"
>;

/**
 * The learning rate of each optimizer step, counted from 0, as the schedules of Transformers define it: the first
 * warm-up step has rate 0, and `linear` would reach 0 one step after the last.
 */
export function learningRateSchedule(options: ScheduleOptions, totalSteps: number): (step: number) => number {
  const { learningRate, lrSchedulerType, lrSchedulerKwargs } = options;
  const warmup = options.warmupSteps < 1 ? Math.ceil(options.warmupSteps * totalSteps) : options.warmupSteps;
  const minRate = lrSchedulerKwargs.minLrRate ?? (lrSchedulerKwargs.minLr ?? 0) / learningRate;
  const decay = (step: number): number => {
    const span = Math.max(1, totalSteps - warmup);
    const cosine = () => 0.5 * (1 + Math.cos(Math.PI * ((step - warmup) / span)));
    switch (lrSchedulerType) {
      case "linear":
        return Math.max(0, (totalSteps - step) / span);
      case "cosine":
        return Math.max(0, cosine());
      case "cosine_with_min_lr":
        return Math.max(0, cosine() * (1 - minRate) + minRate);
      case "constant":
      case "constant_with_warmup":
        return 1;
    }
  };
  return (step) => learningRate * (step < warmup ? step / Math.max(1, warmup) : decay(step));
}
