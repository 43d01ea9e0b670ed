/** @file What a logger is: it takes the lines of `metrics.jsonl` to where people look at them. */
import type { RunStatus } from "../run-files.js";
import type { RunRecord } from "../run-record.js";
import type { MetricsLine } from "../read-metrics.js";

/** The run that is reported. */
export interface LoggedRun {
  /** Its `output_dir`. */
  readonly folder: string;
  /** Its own, whatever it is called: letters, digits, hyphens. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  /** `run.json` */
  readonly record: RunRecord;
}

/** What a logger keeps in `loggers.json`, so that it goes on with the same run another time. */
export type LoggerState = Record<string, string>;

/** One place that a run is reported to. What fails throws, and is tried again later with a logger opened anew. */
export interface Logger {
  /** Where a person finds the run: a command or an address. */
  readonly place: string;
  /** Resolves when all of the lines are kept. Lines of the last step that it has may come again. */
  log(lines: readonly MetricsLine[]): Promise<void>;
  /** After the last line. */
  finish(status: RunStatus): Promise<void>;
  /** Lets go of everything at once. */
  close(): void;
}

/**
 * Makes a logger, or goes on with one.
 *
 * @param state what it kept; changes are kept with the next lines
 * @param from the first step whose lines will come, where it has lines of a run already; null where it has none
 */
export type OpenLogger = (run: LoggedRun, state: LoggerState, from: number | null) => Promise<Logger>;

/** A kind of logger, as the registry has it. */
export interface LoggerKind {
  readonly open: OpenLogger;
  /**
   * What is gone of what it has written, in words, or null: somebody may have removed files. Left out where a logger cannot
   * tell: what it hands on is in others' hands.
   */
  readonly findLoss?: (run: LoggedRun, state: Readonly<LoggerState>) => string | null;
}
