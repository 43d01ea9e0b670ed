import type { TrainConfig } from "../config/train-options.js";
import type { BatchPlan } from "../data/batches.js";
import type { RunLog } from "./run-log.js";
import { stepsOfInterval } from "./steps-of-interval.js";

/** What decides on when something is due. */
export interface EvaluationScheduleOptions {
  readonly config: Pick<
    TrainConfig,
    "evalStrategy" | "evalSteps" | "evalOnStart" | "tokenTraceRows" | "tokenTraceSteps"
  >;
  readonly plan: Pick<BatchPlan, "totalSteps" | "stepsPerEpoch">;
  readonly log: Pick<RunLog, "steps">;
}

/** When losses, samples and token traces are due, and whether those of the last step are still to be made. */
export class EvaluationSchedule {
  readonly #options: EvaluationScheduleOptions;
  /** Steps that were done when all that was due had been made. */
  #madeAfter: number | null = null;

  constructor(options: EvaluationScheduleOptions) {
    this.#options = options;
  }

  /** Whether losses and samples are due after the steps that are done. */
  get areLossesDue(): boolean {
    const { config, plan, log } = this.#options;
    const { evalStrategy, evalSteps, evalOnStart } = config;
    if (evalStrategy === "no") return false;
    if (log.steps === 0) return evalOnStart;
    const every =
      evalStrategy === "epoch" ? plan.stepsPerEpoch : stepsOfInterval(evalSteps!, plan.totalSteps);
    return log.steps % every === 0 || log.steps === plan.totalSteps;
  }

  /** Whether token traces are due after the steps that are done. */
  get areTracesDue(): boolean {
    const { config, plan, log } = this.#options;
    const { tokenTraceRows, tokenTraceSteps } = config;
    if (tokenTraceRows === 0) return false;
    if (tokenTraceSteps === null) return this.areLossesDue;
    return log.steps % stepsOfInterval(tokenTraceSteps, plan.totalSteps) === 0;
  }

  /** Whether something that is due after the steps that are done has not been made: a checkpoint keeps that. */
  get isPending(): boolean {
    return this.#madeAfter !== this.#options.log.steps && (this.areLossesDue || this.areTracesDue);
  }

  /** Takes up that all that was due after the steps that are done has been made. */
  markMade(): void {
    this.#madeAfter = this.#options.log.steps;
  }
}
