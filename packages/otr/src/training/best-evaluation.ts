/** @file Which evaluation was the best, and whether there is hope for a better one. */
import type { TrainConfig } from "../config/train-options.js";
import { OtrError } from "../errors.js";
import type { EvaluationMetrics } from "./events.js";

type BestOptions = Pick<
  TrainConfig,
  "metricForBestModel" | "greaterIsBetter" | "earlyStoppingPatience" | "earlyStoppingThreshold"
>;

/** An evaluation that none before was better than. */
export interface Best {
  readonly metric: string;
  readonly value: number;
  /** Optimizer steps that were done. */
  readonly step: number;
}

/** All that is remembered, as JSON keeps it. */
export interface BestState {
  readonly best: Best | null;
  readonly evaluations_without_improvement: number;
}

/** Keeps the best evaluation, and counts those since, as Transformers' `EarlyStoppingCallback` does. */
export class BestEvaluation {
  readonly #options: BestOptions;
  #best: Best | null = null;
  #without = 0;

  constructor(options: BestOptions) {
    this.#options = options;
  }

  get best(): Best | null {
    return this.#best;
  }

  /** Whether `early_stopping_patience` is used up. */
  get isHopeless(): boolean {
    const { earlyStoppingPatience } = this.#options;
    return earlyStoppingPatience !== null && this.#without >= earlyStoppingPatience;
  }

  get state(): BestState {
    return { best: this.#best, evaluations_without_improvement: this.#without };
  }

  restore({ best, evaluations_without_improvement: without }: BestState): void {
    // An evaluation by another metric cannot be compared.
    const isComparable = best === null || best.metric === this.#options.metricForBestModel;
    this.#best = isComparable ? best : null;
    this.#without = isComparable ? without : 0;
  }

  /**
   * Takes up an evaluation.
   * @throws {OtrError} `INVALID_ARGUMENT` where it lacks the metric
   */
  add(metrics: EvaluationMetrics, step: number): void {
    const { metricForBestModel: metric, greaterIsBetter, earlyStoppingThreshold } = this.#options;
    const value = metric === null ? undefined : metrics[metric as keyof EvaluationMetrics];
    if (metric === null || value === undefined) {
      throw new OtrError(
        "INVALID_ARGUMENT",
        `the evaluation has no ${metric}; it has ${Object.keys(metrics).join(", ")}`,
      );
    }
    const gain = Number.isFinite(value)
      ? this.#gain(value, greaterIsBetter === true)
      : Number.NEGATIVE_INFINITY;
    this.#without = gain > earlyStoppingThreshold ? 0 : this.#without + 1;
    if (gain > 0) this.#best = { metric, value, step };
  }

  #gain(value: number, greaterIsBetter: boolean): number {
    if (this.#best === null) return Number.POSITIVE_INFINITY;
    return greaterIsBetter ? value - this.#best.value : this.#best.value - value;
  }
}
