/** @file What the process of a run is asked to do, and what it tells. Both travel between processes as JSON. */
import type { EvaluationSettings } from "../config/compare-options.js";
import type { TrainConfig } from "../config/train-options.js";

/** One run of a comparison: training where it is not done yet, then the measurements that are not there yet. */
export interface RunOrder {
  /** Where the measurements are written; of a run that trains, its `output_dir`. */
  readonly folder: string;
  /** Null: the model is measured as it is. */
  readonly training: TrainConfig | null;
  /** The model that is measured. */
  readonly source: ModelSource;
  readonly device: string;
  readonly numThreads: number;
  readonly tasks: readonly TaskOrder[];
  readonly evaluation: EvaluationSettings;
  /** What the model is compared with, token by token; null: it is not. */
  readonly tokens: TokenOrder | null;
}

/** Where a model comes from. */
export interface ModelSource {
  /** A folder, that of an adapter included, or an id of the Hub. */
  readonly path: string;
  /** Of an id of the Hub; null: `main`. */
  readonly revision: string | null;
  /** An adapter that it has on; null: none, or its own where the path is an adapter's. */
  readonly adapter: string | null;
}

/** A task to measure. */
export interface TaskOrder {
  /** Under which its results are kept. */
  readonly name: string;
  /** The YAML file. */
  readonly path: string;
  /** Of the task and its items: where it has changed, a measurement is made again. */
  readonly fingerprint: string;
}

/** Which tokens are compared with the base model's view of them. */
export interface TokenOrder {
  readonly base: ModelSource;
  /** The measurements of the base model. */
  readonly baseFolder: string;
  /** Names of the tasks whose answers by the base model are looked at. */
  readonly forgetting: readonly string[];
  /** How many training rows are looked at. */
  readonly rows: number;
}

/** What the process of a run tells. */
export type RunMessage =
  | { readonly type: "progress"; readonly doing: string; readonly share: number }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly reason: string };
