/** @file What a child process is asked to do, and what it answers. Both travel between processes as JSON. */
import type { EvaluationItems } from "./items.js";
import type { Method } from "./settings.js";
import type { Item } from "./skills.js";

/** One fine-tuning run and its measurement; without `training` the base model is measured. */
export interface RunSpecification {
  readonly baseModel: string;
  /** An empty folder for the run's files; whoever starts the run removes it. */
  readonly workFolder: string;
  /** The temporary folder of all runs, which a child removes when its parent was killed and cannot. */
  readonly temporaryFolder: string;
  readonly training: TrainingSpecification | null;
  readonly evaluation: EvaluationItems;
  /** Whether to answer the test questions once more by sampling at temperature 1. */
  readonly sampleTest: boolean;
}

export interface TrainingSpecification {
  readonly rows: readonly Item[];
  readonly method: Method;
  readonly learningRate: number;
  readonly seed: number;
}

/** Accuracies in percent. `other` is the mean over the other skills; `sampled` is null unless it was asked for. */
export interface Accuracy {
  readonly test: number;
  readonly hard: number;
  readonly other: number;
  readonly sampled: number | null;
}

export interface RunResult {
  readonly accuracy: Accuracy;
  /** Accuracy in percent of each other skill. */
  readonly otherSkills: Readonly<Record<string, number>>;
  /** What the model wrote for each hard question, in order. */
  readonly hardAnswers: readonly string[];
  /** Seconds of training alone: no start-up, no measurement. */
  readonly trainingSeconds: number;
  readonly evaluationSeconds: number;
}
