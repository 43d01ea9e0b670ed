/** @file What keeps a run that goes wrong from spoiling its weights, or from wasting days. */
import { z } from "zod";
import { formatNumber } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { RunError } from "../errors.js";
import type { FiniteGradients, NonfiniteGradients } from "./compute-gradients.js";
import type { Alert } from "./events.js";
import { GradientSpikes } from "./gradient-spikes.js";

/** The options that decide what is borne. */
export type DivergenceOptions = Pick<
  TrainConfig,
  "skipNonfiniteSteps" | "lossWatchdogThreshold" | "lossWatchdogPatience"
>;

/** What a {@link DivergenceGuard} has seen, as a checkpoint keeps it: plain JSON. */
export const divergenceState = z.strictObject({
  /** Steps that made no update. */
  skipped: z.int().min(0),
  /** Steps in a row, up to the last, whose loss was above the threshold. */
  high: z.int().min(0),
  spikes: z.strictObject({ norms: z.array(z.number().min(0)), silent: z.int().min(0) }),
});
export type DivergenceState = z.output<typeof divergenceState>;

/** Where in a run something happened. */
export interface StepPlace {
  /** Counted from 1. */
  readonly step: number;
  /** Ids of the rows. */
  readonly rowIds: readonly number[];
  /** The rows as a person finds them: `rows 5, 7 of a.jsonl`. */
  readonly describeRows: () => string;
}

/** Watches losses and gradient norms, step by step. */
export class DivergenceGuard {
  readonly #options: DivergenceOptions;
  readonly #spikes = new GradientSpikes();
  #skipped = 0;
  #high = 0;

  constructor(options: DivergenceOptions) {
    this.#options = options;
  }

  /** Steps that made no update because a number in them was none. */
  get skippedSteps(): number {
    return this.#skipped;
  }

  get state(): DivergenceState {
    const { norms, silent } = this.#spikes.state;
    return { skipped: this.#skipped, high: this.#high, spikes: { norms: [...norms], silent } };
  }

  restore({ skipped, high, spikes }: DivergenceState): void {
    this.#skipped = skipped;
    this.#high = high;
    this.#spikes.restore(spikes);
  }

  /**
   * Takes up a step whose loss, or gradient norm, is NaN or infinite, and which therefore makes no update.
   *
   * @returns what to tell; `isFatal` where `skipNonfiniteSteps` are used up, and the run must end
   */
  skip({ what, value }: Pick<NonfiniteGradients, "what" | "value">, place: StepPlace): FoundAlert {
    const { step, rowIds, describeRows } = place;
    const isFatal = this.#skipped >= this.#options.skipNonfiniteSteps;
    if (!isFatal) this.#skipped++;
    const name = what === "loss" ? "loss" : "gradient norm";
    const outcome = isFatal
      ? "which would ruin the weights; they are as before this step."
      : `so this step made no update (${this.#skipped} of skip_nonfinite_steps ${this.#options.skipNonfiniteSteps}).`;
    const message =
      `the ${name} of step ${step} is ${value}, ${outcome} The batch has ${describeRows()} (the first is 1, empty lines not ` +
      "counted): look at them, or lower learning_rate";
    return { alert: { alert: `nonfinite_${what}`, message, row_ids: rowIds }, isFatal };
  }

  /**
   * Takes up a step that made an update.
   *
   * @param nll mean negative log-likelihood of its tokens; the other objectives are no measure of how good a model is
   * @returns what to tell, if anything; `isFatal` where the loss has been too high for too long
   */
  watch(
    { nll, gradNorm }: Pick<FiniteGradients, "nll" | "gradNorm">,
    { step, rowIds, describeRows }: StepPlace,
  ): FoundAlert[] {
    const found: FoundAlert[] = [];
    const median = this.#spikes.add(gradNorm);
    if (median !== null) {
      const message =
        `the gradient norm of step ${step} is ${short(gradNorm)}, far above the ${short(median)} that is usual here. ` +
        `The batch has ${describeRows()}. If the loss rises too, lower learning_rate or max_grad_norm`;
      found.push({ alert: { alert: "gradient_spike", message, row_ids: rowIds }, isFatal: false });
    }
    const { lossWatchdogThreshold: threshold, lossWatchdogPatience: patience } = this.#options;
    if (threshold === null) return found;
    this.#high = nll > threshold ? this.#high + 1 : 0;
    if (this.#high >= patience) {
      const message =
        `the negative log-likelihood has been above loss_watchdog_threshold ${short(threshold)} for ${this.#high} steps ` +
        `in a row (${short(nll)} at step ${step}), so the run was stopped. Begin again, or go on from an earlier ` +
        "checkpoint, with a lower learning_rate or more warmup_steps; where the loss is meant to be that high, raise " +
        "loss_watchdog_threshold";
      found.push({ alert: { alert: "loss_watchdog", message, row_ids: rowIds }, isFatal: true });
    }
    return found;
  }
}

/** Something that went wrong, and whether the run must end. */
export interface FoundAlert {
  readonly alert: Alert;
  readonly isFatal: boolean;
}

/** The error that ends a run: `NONFINITE_LOSS`, `NONFINITE_GRADIENT`, `LOSS_WATCHDOG`. */
export const divergenceError = ({ alert, message }: Alert): RunError =>
  new RunError(alert.toUpperCase(), message);

const short = (value: number): string => formatNumber(Number(value.toPrecision(4)));
