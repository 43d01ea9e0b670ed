import type { BatchPlan } from "../data/batches.js";
import type { EncodedRow } from "../data/encoded-row.js";
import type { Alert, EvaluationMetrics, StepMetrics, TrainEvent } from "./events.js";
import type { MetricsWindow, WindowState } from "./metrics-window.js";
import type { RunFiles } from "./run-files.js";
import type { RolloutMetrics } from "./rollouts.js";
import type { StatisticSums } from "./training-model.js";

export interface RunLogOptions {
  readonly window: MetricsWindow;
  readonly files: Pick<RunFiles, "log">;
  readonly emit: (event: TrainEvent) => void;
  readonly plan: Pick<BatchPlan, "totalSteps" | "epochAfter">;
  /** Every how many steps a line is written, and whether for the first too. */
  readonly loggingSteps: number;
  readonly loggingFirstStep: boolean;
}

/** All that a log knows, as JSON keeps it. */
export interface RunLogState extends WindowState {
  /** The last line of each kind. */
  readonly last: Readonly<Partial<StepMetrics> & EvaluationMetrics>;
  /** Lines about the steps that are done; null: a checkpoint of an earlier version does not say. */
  readonly lines: number | null;
  /** Null before the first. */
  readonly update: UpdateFacts | null;
}

/** What is told of the last step that made an update. */
export interface UpdateFacts {
  readonly learning_rate: number;
  readonly grad_norm: number;
}

/** What a run has done and measured; each line goes to `metrics.jsonl` and to whoever watches. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #metrics: Partial<StepMetrics> & EvaluationMetrics = {};
  #steps = 0;
  /** Lines about the steps that are done, and about the one that is under way. */
  #lines = 0;
  #linesAhead = 0;
  #update: UpdateFacts | null = null;

  constructor(options: RunLogOptions) {
    this.#options = options;
  }

  /** Optimizer steps done. */
  get steps(): number {
    return this.#steps;
  }

  /** The last line of each kind. */
  get metrics(): Readonly<Partial<StepMetrics> & EvaluationMetrics> {
    return this.#metrics;
  }

  /** Sums over all supervised tokens since the start. */
  get total(): Readonly<StatisticSums> {
    return this.#options.window.total;
  }

  /** What a checkpoint keeps of it. */
  get state(): RunLogState {
    const { window } = this.#options;
    return { ...window.state, last: { ...this.#metrics }, lines: this.#lines, update: this.#update };
  }

  /** Goes on after so many steps. */
  restore(steps: number, { last, lines, update, ...window }: RunLogState): void {
    this.#steps = steps;
    this.#lines = lines ?? 0;
    this.#update = update;
    Object.assign(this.#metrics, last);
    this.#options.window.restore(window);
  }

  /** Takes up one micro-batch of the step that is under way. */
  addMicroBatch(rows: readonly EncodedRow[], sums: StatisticSums): void {
    this.#options.window.add(rows, sums);
  }

  /** Takes up what is told of the completions of the step that is under way. */
  addRollouts(metrics: RolloutMetrics): void {
    this.#options.window.addRollouts(metrics);
  }

  /**
   * Takes up the end of an optimizer step.
   *
   * @param update of the step; null where it made none, because a number in it was none
   */
  endStep(update: UpdateFacts | null): void {
    const { window, emit, plan, loggingSteps, loggingFirstStep } = this.#options;
    const { totalSteps } = plan;
    const step = ++this.#steps;
    this.#lines += this.#linesAhead;
    this.#linesAhead = 0;
    if (update !== null) {
      window.endStep();
      this.#update = update;
    }
    const isDue = step === totalSteps || step % loggingSteps === 0 || (step === 1 && loggingFirstStep);
    // Where no step since the last line made an update there is nothing to tell.
    const metrics = isDue && window.steps > 0 ? this.#logWindow() : null;
    emit({ type: "step", step, totalSteps, metrics });
  }

  /**
   * Takes up something that went wrong.
   *
   * @param step counted from 1; the one that is under way or the last
   * @param isFatal whether the run ends for it, so that whoever watches hears of it by the error
   */
  addAlert(step: number, alert: Alert, isFatal = false): void {
    const { emit, plan } = this.#options;
    this.#write({ step, epoch: plan.epochAfter(step), time: Date.now() / 1000, ...alert });
    if (!isFatal) emit({ type: "alert", step, ...alert });
  }

  /** Logs the steps since the last line, of a run that ends between two; a run that goes on drops it again. */
  endEarly(reason: "interrupted" | "stopped_early"): void {
    if (this.#options.window.steps > 0) this.#logWindow({ [reason]: true });
  }

  /** Takes up an evaluation after the last step. */
  addEvaluation(metrics: EvaluationMetrics): void {
    const { emit, plan } = this.#options;
    const step = this.#steps;
    this.#write({ step, epoch: plan.epochAfter(step), time: Date.now() / 1000, ...metrics });
    Object.assign(this.#metrics, metrics);
    emit({ type: "evaluate", step, metrics });
  }

  /** Leaves out seconds since the last step that were not the steps'. */
  excludeTime(seconds: number): void {
    this.#options.window.exclude(seconds);
  }

  #logWindow(mark: { readonly interrupted?: true; readonly stopped_early?: true } = {}): StepMetrics {
    const { window, plan } = this.#options;
    const metrics = window.take({ step: this.#steps, epoch: plan.epochAfter(this.#steps), ...this.#update! });
    this.#write({ ...metrics, ...mark });
    Object.assign(this.#metrics, metrics);
    return metrics;
  }

  #write(line: { readonly step: number; readonly [name: string]: unknown }): void {
    this.#options.files.log(line);
    if (line.step > this.#steps) this.#linesAhead += 1;
    else this.#lines += 1;
  }
}
