import type { BatchPlan } from "../data/batches.js";
import type { EncodedRow } from "../data/encoded-row.js";
import type { EvaluationMetrics, StepMetrics, TrainEvent } from "./events.js";
import type { MetricsWindow, WindowState } from "./metrics-window.js";
import type { RunFiles } from "./run-files.js";
import type { StatisticSums } from "./training-model.js";

export interface RunLogOptions {
  readonly window: MetricsWindow;
  readonly files: Pick<RunFiles, "log">;
  readonly emit: (event: TrainEvent) => void;
  readonly plan: Pick<BatchPlan, "totalSteps" | "epochAfter">;
  /** Every how many steps a line is written. */
  readonly loggingSteps: number;
}

/** All that a log knows, as JSON keeps it. */
export interface RunLogState extends WindowState {
  /** The last line of each kind. */
  readonly last: Readonly<Partial<StepMetrics> & EvaluationMetrics>;
}

interface StepFacts {
  readonly learningRate: number;
  readonly gradNorm: number;
}

/** What a run has done and measured; each line goes to `metrics.jsonl` and to whoever watches. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #metrics: Partial<StepMetrics> & EvaluationMetrics = {};
  #steps = 0;
  #facts: StepFacts | null = null;

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
    return { ...this.#options.window.state, last: { ...this.#metrics } };
  }

  /** Goes on after so many steps. */
  restore(steps: number, { last, ...window }: RunLogState): void {
    this.#steps = steps;
    Object.assign(this.#metrics, last);
    this.#options.window.restore(window);
  }

  /** Takes up one micro-batch of the step that is under way. */
  addMicroBatch(rows: readonly EncodedRow[], sums: StatisticSums): void {
    this.#options.window.add(rows, sums);
  }

  /** Takes up the end of an optimizer step. */
  endStep(facts: StepFacts): void {
    const { window, emit, plan, loggingSteps } = this.#options;
    const { totalSteps } = plan;
    const step = ++this.#steps;
    window.endStep();
    this.#facts = facts;
    const isDue = step === totalSteps || step % loggingSteps === 0;
    emit({ type: "step", step, totalSteps, metrics: isDue ? this.#logWindow() : null });
  }

  /** Logs the steps since the last line, of a run that ends between two; a run that goes on drops it again. */
  endEarly(): void {
    if (this.#options.window.state.steps > 0) this.#logWindow({ interrupted: true });
  }

  /** Takes up an evaluation after the last step, whose time is not the steps'. */
  addEvaluation(metrics: EvaluationMetrics): void {
    const { window, files, emit, plan } = this.#options;
    const step = this.#steps;
    window.exclude(metrics.eval_runtime ?? 0);
    files.log({ step, epoch: plan.epochAfter(step), time: Date.now() / 1000, ...metrics });
    Object.assign(this.#metrics, metrics);
    emit({ type: "evaluate", step, metrics });
  }

  #logWindow(mark: { readonly interrupted?: true } = {}): StepMetrics {
    const { window, files, plan } = this.#options;
    const metrics = window.take({ step: this.#steps, epoch: plan.epochAfter(this.#steps), ...this.#facts! });
    files.log({ ...metrics, ...mark });
    Object.assign(this.#metrics, metrics);
    return metrics;
  }
}
