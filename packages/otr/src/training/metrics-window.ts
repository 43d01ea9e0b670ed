import type { EncodedRow } from "../data/encoded-row.js";
import type { Objective } from "../objectives/objective.js";
import { meanStatistics } from "../objectives/statistics.js";
import type { StepMetrics } from "./events.js";
import type { LossAggregation } from "./supervised-tokens.js";
import { addSums, emptySums } from "./sum-statistics.js";
import type { StatisticSums } from "./training-model.js";

/** All that a window knows, as JSON keeps it. */
export interface WindowState {
  readonly sums: StatisticSums;
  readonly total: StatisticSums;
  readonly steps: number;
  /** Since the last logged line. */
  readonly seconds: number;
  readonly tokens: number;
  readonly tokens_before: number;
}

/** Gathers what happened since the last logged line. */
export class MetricsWindow {
  readonly #objective: Objective;
  readonly #aggregation: LossAggregation;
  readonly #skippedRows: number;
  #sums = emptySums();
  #total = emptySums();
  #steps = 0;
  #tokens = 0;
  #tokensBefore = 0;
  #start = performance.now();

  constructor(objective: Objective, aggregation: LossAggregation, skippedRows: number) {
    this.#objective = objective;
    this.#aggregation = aggregation;
    this.#skippedRows = skippedRows;
  }

  /** Sums over all supervised tokens since the start. */
  get total(): Readonly<StatisticSums> {
    return this.#total;
  }

  /** Optimizer steps since the last line. */
  get steps(): number {
    return this.#steps;
  }

  get state(): WindowState {
    return {
      sums: { ...this.#sums },
      total: { ...this.#total },
      steps: this.#steps,
      seconds: (performance.now() - this.#start) / 1000,
      tokens: this.#tokens,
      tokens_before: this.#tokensBefore,
    };
  }

  /** Goes on from a state. */
  restore(state: WindowState): void {
    this.#sums = { ...state.sums };
    this.#total = { ...state.total };
    this.#steps = state.steps;
    this.#tokens = state.tokens;
    this.#tokensBefore = state.tokens_before;
    this.#start = performance.now() - 1000 * state.seconds;
  }

  /** Takes up one micro-batch. */
  add(rows: readonly EncodedRow[], sums: StatisticSums): void {
    addSums(this.#sums, sums);
    addSums(this.#total, sums);
    for (const row of rows) this.#tokens += row.inputIds.length;
  }

  /** Takes up the end of an optimizer step. */
  endStep(): void {
    this.#steps += 1;
  }

  /** Leaves out seconds that were not spent on training. */
  exclude(seconds: number): void {
    this.#start += seconds * 1000;
  }

  /** The line for what was gathered; the next window begins. */
  take(facts: Pick<StepMetrics, "step" | "epoch" | "learning_rate" | "grad_norm">): StepMetrics {
    const seconds = (performance.now() - this.#start) / 1000;
    const { loss, nll, ...means } = meanStatistics(this.#sums, this.#objective);
    const metrics: StepMetrics = {
      step: facts.step,
      epoch: facts.epoch,
      time: Date.now() / 1000,
      step_time: seconds / this.#steps,
      loss: this.#aggregation === "sequence" ? this.#sums.weighted_loss / this.#steps : loss,
      learning_rate: facts.learning_rate,
      grad_norm: facts.grad_norm,
      nll,
      ...means,
      num_tokens: this.#tokens,
      num_supervised_tokens: this.#total.count,
      tokens_per_second: (this.#tokens - this.#tokensBefore) / seconds,
      skipped_rows: this.#skippedRows,
      memory_bytes: process.memoryUsage.rss(),
    };
    this.#sums = emptySums();
    this.#steps = 0;
    this.#tokensBefore = this.#tokens;
    this.#start = performance.now();
    return metrics;
  }
}
