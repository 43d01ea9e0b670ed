/** @file Which evaluation was the best, and whether there is hope for a better one. */
import type { TrainConfig } from "../config/train-options.js";
import { OtrError } from "../errors.js";
import type { EvaluationMetrics } from "./events.js";

/** What decides on the best. */
export type BestOptions = Pick<
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

/** What is known of the evaluations so far, as JSON keeps it. */
export interface KnownEvaluations {
  readonly best: Best | null;
  readonly evaluations_without_improvement: number;
}

/** All that is remembered. */
export interface BestState extends KnownEvaluations {
  /** What decided on the best; null: an earlier version did not keep it. */
  readonly judged_by: {
    readonly metric: string | null;
    readonly greater_is_better: boolean | null;
    readonly threshold: number;
  } | null;
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
    const { metricForBestModel: metric, greaterIsBetter, earlyStoppingThreshold: threshold } = this.#options;
    return {
      best: this.#best,
      evaluations_without_improvement: this.#without,
      judged_by: { metric, greater_is_better: greaterIsBetter, threshold },
    };
  }

  /** Goes on from what was judged by the same options. */
  restore({ best, evaluations_without_improvement: without }: KnownEvaluations): void {
    this.#best = best;
    this.#without = without;
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
