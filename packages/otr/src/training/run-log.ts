import type { EncodedRow } from "../data/encoded-row.js";
import type { EvaluationMetrics, StepMetrics, TrainEvent } from "./events.js";
import type { MetricsWindow } from "./metrics-window.js";
import type { RunFiles } from "./run-files.js";
import type { StatisticSums } from "./training-model.js";

export interface RunLogOptions {
  readonly window: MetricsWindow;
  readonly files: Pick<RunFiles, "log">;
  readonly emit: (event: TrainEvent) => void;
  readonly totalSteps: number;
  /** Every how many steps a line is written. */
  readonly loggingSteps: number;
  /** The epoch after so many steps. */
  readonly epochAfter: (steps: number) => number;
}

/** What a run has done and measured; each line goes to `metrics.jsonl` and to whoever watches. */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #metrics: Partial<StepMetrics> & EvaluationMetrics = {};
  #steps = 0;

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

  /** Takes up one micro-batch of the step that is under way. */
  addMicroBatch(rows: readonly EncodedRow[], sums: StatisticSums): void {
    this.#options.window.add(rows, sums);
  }

  /**
   * Takes up the end of an optimizer step.
   *
   * @param isLast whether the run ends here, so that a line is due
   */
  endStep({ isLast, ...facts }: { learningRate: number; gradNorm: number; isLast: boolean }): void {
    const { window, files, emit, totalSteps, loggingSteps, epochAfter } = this.#options;
    const step = ++this.#steps;
    window.endStep();
    let metrics: StepMetrics | null = null;
    if (isLast || step === totalSteps || step % loggingSteps === 0) {
      metrics = window.take({ step, epoch: epochAfter(step), ...facts });
      files.log(metrics);
      Object.assign(this.#metrics, metrics);
    }
    emit({ type: "step", step, totalSteps, metrics });
  }

  /** Takes up an evaluation after the last step, whose time is not the steps'. */
  addEvaluation(metrics: EvaluationMetrics): void {
    const { window, files, emit, epochAfter } = this.#options;
    const step = this.#steps;
    window.exclude(metrics.eval_runtime ?? 0);
    files.log({ step, epoch: epochAfter(step), time: Date.now() / 1000, ...metrics });
    Object.assign(this.#metrics, metrics);
    emit({ type: "evaluate", step, metrics });
  }
}
