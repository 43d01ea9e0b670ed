import type { EncodedRow } from "../data/encoded-row.js";
import type { Objective } from "../objectives/objective.js";
import { meanStatistics } from "../objectives/statistics.js";
import type { StepMetrics } from "./events.js";
import type { RolloutMetrics } from "./rollouts.js";
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
  /** Of each metric of rollouts, its sum and how often it was known since the last line. */
  readonly rollouts: Readonly<Record<string, [sum: number, count: number]>>;
}

/** What a window is made with. */
export interface MetricsWindowOptions {
  readonly objective: Objective;
  /** Whether `loss` is the mean of what the steps minimised; else it is the mean over tokens. */
  readonly lossBySteps: boolean;
  /** Rows of the data set that are not trained on. */
  readonly skippedRows: number;
}

/** Gathers what happened since the last logged line. */
export class MetricsWindow {
  readonly #options: MetricsWindowOptions;
  #sums = emptySums();
  #total = emptySums();
  #steps = 0;
  #tokens = 0;
  #tokensBefore = 0;
  #rollouts = new Map<string, [sum: number, count: number]>();
  #start = performance.now();

  constructor(options: MetricsWindowOptions) {
    this.#options = options;
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
      rollouts: Object.fromEntries(this.#rollouts),
    };
  }

  /** Goes on from a state. */
  restore(state: WindowState): void {
    this.#sums = { ...state.sums };
    this.#total = { ...state.total };
    this.#steps = state.steps;
    this.#tokens = state.tokens;
    this.#tokensBefore = state.tokens_before;
    this.#rollouts = new Map(Object.entries(state.rollouts));
    this.#start = performance.now() - 1000 * state.seconds;
  }

  /** Takes up one micro-batch. */
  add(rows: readonly EncodedRow[], sums: StatisticSums): void {
    addSums(this.#sums, sums);
    addSums(this.#total, sums);
    for (const row of rows) this.#tokens += row.inputIds.length;
  }

  /** Takes up what is told of the completions of a step; what is NaN is not known. */
  addRollouts(metrics: RolloutMetrics): void {
    for (const [name, value] of Object.entries(metrics)) {
      const [sum, count] = this.#rollouts.get(name) ?? [0, 0];
      if (!Number.isNaN(value)) this.#rollouts.set(name, [sum + value, count + 1]);
    }
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
    const { objective, lossBySteps, skippedRows } = this.#options;
    const { loss, nll, ...means } = meanStatistics(this.#sums, objective);
    const rollouts = Object.fromEntries(
      Array.from(this.#rollouts, ([name, [sum, count]]) => [name, sum / count]),
    );
    const metrics: StepMetrics = {
      step: facts.step,
      epoch: facts.epoch,
      time: Date.now() / 1000,
      step_time: seconds / this.#steps,
      loss: lossBySteps ? this.#sums.weighted_loss / this.#steps : loss,
      learning_rate: facts.learning_rate,
      grad_norm: facts.grad_norm,
      nll,
      ...means,
      ...rollouts,
      num_tokens: this.#tokens,
      num_supervised_tokens: this.#total.count,
      tokens_per_second: (this.#tokens - this.#tokensBefore) / seconds,
      skipped_rows: skippedRows,
      memory_bytes: process.memoryUsage.rss(),
    };
    this.#sums = emptySums();
    this.#rollouts.clear();
    this.#steps = 0;
    this.#tokensBefore = this.#tokens;
    this.#start = performance.now();
    return metrics;
  }
}
