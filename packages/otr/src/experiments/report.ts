/** @file What a comparison showed: the content of `report.json`, from which the page and the text are made. */
import type { Interval } from "../evaluation/statistics/interval.js";
import type { McNemar } from "../evaluation/statistics/mcnemar.js";
import type { Measurement, TokenShift, TracedRow } from "./measurement.js";

/** What a task is in a comparison. */
export type JudgingRole = "in_domain" | "out_of_domain" | "forgetting";

/** A run with what it scored and spent. */
export interface ReportedRun {
  readonly name: string;
  readonly folder: string;
  readonly model: string;
  readonly dataset: string;
  readonly objective: string;
  readonly learning_rate: number;
  readonly seed: number;
  /** Whether it has the learning rate that was chosen. */
  readonly final: boolean;
  readonly failure: string | null;
  /** Null where the run failed. */
  readonly cost: Measurement["training"];
  /** Mean scores by task. */
  readonly scores: Readonly<Record<string, number>>;
  readonly kl_from_base: number | null;
  /** Negative log-likelihood of the training tokens, by step. */
  readonly curve: readonly (readonly [step: number, nll: number])[];
}

/** How the learning rate of an objective was chosen. */
export interface ReportedChoice {
  readonly model: string;
  readonly dataset: string;
  readonly objective: string;
  readonly candidates: readonly {
    readonly learning_rate: number;
    readonly score: number | null;
    readonly scores: readonly (number | null)[];
  }[];
  readonly chosen: number | null;
  readonly at_edge: "smallest" | "largest" | null;
  /** Whether all of several candidates scored alike, so that the smallest was taken without being better. */
  readonly tied: boolean;
}

/** A score over the items of a task. */
export interface ReportedScore {
  /** An objective, or null for the base model. */
  readonly objective: string | null;
  readonly mean: number;
  /** 95 % over items and seeds: Wilson's for right and wrong answers, else by t. */
  readonly interval: Interval | null;
  /** Mean over items of each seed. */
  readonly seeds: readonly number[];
  /** Sample deviation of the seeds' means; null for one. */
  readonly seed_deviation: number | null;
  /** Share of answers that the token limit cut off. */
  readonly truncated: number;
}

/** What stands for the base model where it is one of two that are compared. */
export const BASE_MODEL = "base model";

/** Two objectives on the same items with the same seeds, or an objective and the base model: `second` less `first`. */
export interface ReportedDifference {
  readonly first: string;
  readonly second: string;
  readonly difference: number;
  /** How many seeds both have. */
  readonly seeds: number;
  /** 95 % over items and seeds together; of one seed, over items alone. Null for one item. */
  readonly interval: Interval | null;
  /** 95 % over items, each averaged over seeds: by t and by bootstrap. */
  readonly item_interval: Interval | null;
  readonly bootstrap: Interval;
  /** 95 % over seeds, by t of the differences seed by seed; null for one seed. */
  readonly seed_interval: Interval | null;
  /** The smallest true difference that is shown in 80 % of repetitions; null where no answer differs. */
  readonly detectable: number | null;
  readonly correlation: number | null;
  /** With one seed, answers that are right or wrong, and no prompt twice. */
  readonly mcnemar: McNemar | null;
  readonly p_value: number;
  /** Adjusted by Holm for its family: all pairs of objectives of the report, or all changes from base models. */
  readonly p_adjusted: number;
  /** Whether the adjusted p-value is below 5 %, of more than one seed. */
  readonly shown: boolean;
}

/** An item that one objective answered right and the other wrong. */
export interface ReportedFlip {
  readonly task: string;
  readonly doc_id: number;
  readonly seed: number;
  /** Its end, where it is long; so are answers shortened. */
  readonly prompt: string;
  readonly target: string;
  readonly first: { readonly answer: string; readonly response: string; readonly score: number };
  readonly second: { readonly answer: string; readonly response: string; readonly score: number };
}

/** A task in a cell, or a group of tasks, whose items count as those of one. */
export interface ReportedTask {
  readonly task: string;
  /** The tasks of a group; else its own name. */
  readonly tasks: readonly string[];
  readonly role: JudgingRole;
  readonly items: number;
  readonly scores: readonly ReportedScore[];
  readonly differences: readonly ReportedDifference[];
  /** What training with each objective changed: the objective less the base model. */
  readonly changes: readonly ReportedDifference[];
  readonly flips: readonly {
    readonly first: string;
    readonly second: string;
    /** Answers of all seeds that only one of the two has right. */
    readonly only_first: number;
    readonly only_second: number;
    /** Some of them. */
    readonly examples: readonly ReportedFlip[];
  }[];
}

/** What an objective did to tokens, over its seeds. */
export interface ReportedTokens {
  readonly objective: string;
  readonly kl_from_base: number | null;
  readonly by_probability: readonly TokenShift[];
  readonly by_kind: readonly TokenShift[];
  /** Of the first seed. */
  readonly rows: readonly TracedRow[];
}

/** A base model with a data set. */
export interface ReportedCell {
  readonly model: string;
  readonly dataset: string;
  readonly tasks: readonly ReportedTask[];
  readonly tokens: readonly ReportedTokens[];
}

/** The content of `report.json`. */
export interface ComparisonReport {
  readonly version: 1;
  readonly created: string;
  /** The configuration, in the names of its file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** In plain language, the most important sentence first. */
  readonly verdict: readonly string[];
  readonly warnings: readonly string[];
  /** Base models and timings that failed, so that what depends on them was not run. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  readonly choices: readonly ReportedChoice[];
  readonly cells: readonly ReportedCell[];
  readonly runs: readonly ReportedRun[];
}
