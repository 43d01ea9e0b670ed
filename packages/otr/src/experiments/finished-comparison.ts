/** @file What a comparison leaves behind: where each of its runs lies, and how learning rates were chosen. */
import type { CompareConfig } from "../config/compare-options.js";
import type { Cell, Trial } from "./comparison-cell.js";

/** A base model with the folder of its measurements. */
export interface FinishedBase {
  readonly model: string;
  readonly path: string;
  readonly folder: string;
}

/** A run, measured unless it failed. */
export interface FinishedRun extends Trial {
  readonly name: string;
  readonly folder: string;
  /** Whether it has the learning rate that was chosen, so that all tasks are measured; else it was tried only. */
  readonly isFinal: boolean;
  /** Why it failed; null: it did not. */
  readonly failure: string | null;
}

/** How the learning rate of an objective in a cell was chosen. */
export interface LearningRateChoice extends Cell {
  readonly objective: string;
  /** From the smallest learning rate to the largest. */
  readonly candidates: readonly {
    readonly learningRate: number;
    /** By seed; null where the run failed. */
    readonly scores: readonly (number | null)[];
    readonly score: number | null;
  }[];
  /** Null: every candidate failed. */
  readonly chosen: number | null;
  /** Whether all of several candidates scored alike within the tolerance. */
  readonly isTied: boolean;
  /** Whether a better one may lie beyond those that were tried. */
  readonly atEdge: "smallest" | "largest" | null;
}

/** A task, or a group of tasks whose items are judged together. */
export interface JudgedTask {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** All that a report is made from. */
export interface FinishedComparison {
  readonly config: CompareConfig;
  /** Those that could be measured. */
  readonly bases: readonly FinishedBase[];
  /** What failed before there was a run to tell of it: base models, and the timing of steps. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  readonly choices: readonly LearningRateChoice[];
  /** What is judged by a list of the configuration: tasks, and groups of them as one. */
  judgedBy(named: readonly string[]): JudgedTask[];
  /** Those that were tried and those with the chosen learning rates; a run that is both stands here once. */
  readonly runs: readonly FinishedRun[];
}
