/** @file What a training run tells whoever watches it. */
import type { LoggerName } from "../config/logger-names.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import type { UploadProgress } from "../hub/upload-files.js";
import type { PushedModel } from "./push-model.js";
import type { CompletionMetrics } from "./rollouts.js";

/** One line of `metrics.jsonl`: token-weighted means since the last logged line, unless said otherwise. */
export interface StepMetrics extends Partial<CompletionMetrics> {
  /** Optimizer steps done. */
  step: number;
  epoch: number;
  /** Unix seconds. */
  time: number;
  /** Mean seconds of a step. */
  step_time: number;
  /** The objective: a mean over tokens, or over steps of the sequence mean; the critic's loss is not part of it. */
  loss: number;
  /** The one that the last step used. */
  learning_rate: number;
  /** Norm of the last step's whole gradient before clipping. */
  grad_norm: number;
  /** Plain negative log-likelihood, nats a token, whatever the objective. */
  nll: number;
  value_loss?: number;
  /** Mean probability of the true token. */
  target_probability: number;
  otr_mean_reward?: number;
  /** Share of the sampled candidates that equal the true token. */
  otr_hit_rate?: number;
  /** With `grpo` and `beta`: mean divergence from the reference model, nats a token. */
  kl?: number;
  /** With `grpo`: shares of the tokens whose probability ratio lies beyond its bounds. */
  "clip_ratio/low_mean"?: number;
  "clip_ratio/high_mean"?: number;
  "clip_ratio/region_mean"?: number;
  /** Nats. */
  entropy: number;
  mean_token_accuracy: number;
  /** Real tokens since the start. */
  num_tokens: number;
  num_supervised_tokens: number;
  /** Real tokens, not padding. */
  tokens_per_second: number;
  /** Rows of the data set that are not trained on. */
  skipped_rows: number;
  /** Resident memory of the process. */
  memory_bytes: number;
}

/** Something that went wrong in a step, or may have: a line of `metrics.jsonl` of its own. */
export interface Alert {
  alert:
    | "nonfinite_loss"
    | "nonfinite_gradient"
    | "gradient_spike"
    | "loss_watchdog"
    | "samples_failed"
    | "traces_failed";
  /** What was found, where, and what to do. */
  message: string;
  /** Rows of the step, or of the part of it that was found, by their number in the data set, from 0. */
  row_ids: readonly number[];
}

/** What is measured on the evaluation rows; keys start with `eval_`. */
export type EvaluationMetrics = Record<`eval_${string}`, number>;

/** What happens in a run, in order. */
export type TrainEvent =
  /** While files of the Hub come in, before the start. */
  | ({ type: "download" } & DownloadProgress)
  /** While the finished model is uploaded, after the end. */
  | ({ type: "upload" } & UploadProgress)
  /** While rows are turned into tokens, before the run starts, where that takes long; `bytes` of the `totalBytes` of the files `name` are done. */
  | { type: "encode"; name: string; bytes: number; totalBytes: number }
  /** Everything has been read and checked but the weights, which are loaded next. */
  | { type: "load" }
  /** The weights are loaded; what comes next changes the output folder. */
  | { type: "loaded" }
  | {
      type: "start";
      totalSteps: number;
      rows: number;
      /** Of the rows. */
      tokens: number;
      /** The base model, as the option names it. */
      model: string;
      modelType: string;
      parameters: number;
      /** What is minimised, with its settings. */
      objective: string;
      /** Bytes that the run will hold at its peak, as `otr plan` counts them, and that there are; null on a GPU. */
      memory: { planned: number; available: number } | null;
      /** Whether rows are conversations, so that the model answers to a chat template. */
      usesChatTemplate: boolean;
      /** Sentences for the person: what was read and chosen. */
      notes: readonly string[];
      /** Sentences for the person: what is probably not meant, and what to do. */
      warnings: readonly string[];
    }
  /** After each step; `metrics` on logged ones. */
  | { type: "step"; step: number; totalSteps: number; metrics: StepMetrics | null }
  | ({ type: "alert"; step: number } & Alert)
  | { type: "evaluate"; step: number; metrics: EvaluationMetrics }
  /** A checkpoint is complete; training may have gone on since. */
  | { type: "checkpoint"; step: number; folder: string }
  /** Something that a person should know, and that training goes on without. */
  | { type: "warning"; kind: WarningKind; message: string }
  /** Where a logger shows the run, once each. */
  | { type: "report"; logger: LoggerName; place: string }
  /** The end of the run waits for what its loggers have not taken yet, so many seconds at most. */
  | { type: "wait"; loggers: readonly LoggerName[]; seconds: number }
  /** The end of a run that began; a failed one throws behind it. */
  | { type: "end"; status: TrainStatus | "failed"; outputDir: string; summary: readonly string[] };

/**
 * What a warning is about, the same whatever its message says: a checkpoint that was not saved, one whose predecessor could
 * not be removed, a best one that cannot become the finished model, lines that are kept because their file is gone or cannot be written, one logger that fails, all of them
 * because their thread has ended.
 */
export type WarningKind =
  | "checkpoint_failed"
  | "checkpoint_left"
  | "best_not_loaded"
  | "lines_kept"
  | `${LoggerName}_failed`
  | "reporting_failed";

/** How a run ended that did not fail. */
export type TrainStatus = "completed" | "interrupted";

/** What a run that did not fail leaves behind. */
export interface TrainResult {
  status: TrainStatus;
  /** The folder of the finished model; after an interruption that of the checkpoint. */
  outputDir: string;
  /** Optimizer steps done. */
  steps: number;
  /** The last logged line. */
  metrics: Partial<StepMetrics> & EvaluationMetrics;
  /** Where a finished model was uploaded to. */
  pushed?: PushedModel;
}
