/** @file Brings the lines of `metrics.jsonl` to one logger, which may fail at any time. */
import { join } from "node:path";
import type { LoggerName } from "../../config/logger-names.js";
import { METRICS_START, type MetricsLine, type MetricsPosition, readMetrics } from "../read-metrics.js";
import type { RunStatus } from "../run-files.js";
import { readRunIdentity } from "../run-record.js";
import type { DeliveryEntry, DeliveryRecord } from "./delivery-record.js";
import type { LoggedRun, Logger, LoggerKind } from "./logger.js";

/** Lines handed over at once. */
const MOST_LINES = 200;
/** Milliseconds after which a logger that does not answer is given up. */
const PATIENCE = 60_000;
/** Milliseconds from one failure to the next attempt: the first, doubled each time, and the longest. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;

/** What became of the lines in the end. */
export interface DeliveryOutcome {
  readonly name: LoggerName;
  /** Lines that did not arrive. */
  readonly missing: number;
  /** Why, or why the end of the run could not be told; null where all went well. */
  readonly reason: string | null;
}

/** What a delivery tells while it goes on. */
export interface DeliveryNotice {
  readonly name: LoggerName;
  /** Where the run is to be seen, the first time it is; or why it failed, the first time it does. */
  readonly place?: string;
  readonly failure?: string;
  /** What is gone of what the logger had, so that it is given all lines again. */
  readonly loss?: string;
}

/** The parts of a delivery. */
export interface DeliveryOptions {
  readonly name: LoggerName;
  readonly kind: LoggerKind;
  readonly run: LoggedRun;
  readonly record: DeliveryRecord;
  readonly tell: (notice: DeliveryNotice) => void;
}

/**
 * One logger and how far it is. The file is the truth: after a failure the logger is opened anew and goes on with the
 * first line of the last step that it has.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #path: string;
  readonly #entry: DeliveryEntry;
  #logger: Logger | null = null;
  #position: MetricsPosition = METRICS_START;
  #failures = 0;
  #nextAttempt = 0;
  #reason: string | null = null;
  #isFinished = false;
  readonly #told = new Set<keyof DeliveryNotice>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#path = join(options.run.folder, "metrics.jsonl");
    this.#entry = options.record.entry(options.name);
  }

  /** Delivers what the file holds now, unless it is too early after a failure. Never throws. */
  async deliver(): Promise<void> {
    if (performance.now() < this.#nextAttempt) return;
    try {
      await this.#deliverAll();
      this.#failures = 0;
      this.#reason = null;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The last attempt, with the end of the run where it is one. Never throws. */
  async finish(status: RunStatus): Promise<DeliveryOutcome> {
    try {
      await this.#deliverAll();
      this.#reason = null;
      if (status !== "running") await inTime(this.#logger!.finish(status));
      this.#isFinished = true;
    } catch (error) {
      this.#fail(error);
    }
    return this.outcome;
  }

  /** How things stand; before {@link finish} is done something is missing. */
  get outcome(): DeliveryOutcome {
    const reason = this.#reason ?? (this.#isFinished ? null : "no answer in time");
    return { name: this.#options.name, missing: this.#countMissing(), reason };
  }

  /** Lets go of the logger. */
  close(): void {
    const logger = this.#logger;
    this.#logger = null;
    try {
      logger?.close();
    } catch {
      // It has failed already, or has all.
    }
  }

  async #deliverAll(): Promise<void> {
    requireOwn(this.#options.run);
    this.#logger ??= await this.#open();
    const logger = this.#logger;
    for (const lines of batches(readMetrics(this.#path, this.#position))) {
      await inTime(logger.log(lines));
      this.#position = lines.at(-1)!.end;
      this.#entry.delivered = this.#position.lines;
      await this.#keep();
    }
  }

  /** Where that fails, lines come again another time, which a logger bears. */
  async #keep(): Promise<void> {
    await this.#options.record.save().catch(() => {});
  }

  async #open(): Promise<Logger> {
    const { kind, run, tell, name } = this.#options;
    this.#forgetIfLost();
    const { position, step } = beginningOfStep(this.#path, this.#entry.delivered);
    this.#position = position;
    const opening = kind.open(run, this.#entry.state, step);
    const logger = await inTime(opening).catch((error: unknown) => {
      // It may open yet, when nobody waits any more.
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    });
    await this.#keep();
    if (!this.#told.has("place")) tell({ name, place: logger.place });
    this.#told.add("place");
    return logger;
  }

  /** Where what was delivered is gone, nothing counts as delivered. */
  #forgetIfLost(): void {
    const { kind, run, tell, name } = this.#options;
    if (this.#entry.delivered === 0) return;
    const loss = kind.findLoss?.(run, this.#entry.state) ?? null;
    if (loss === null) return;
    this.#entry.delivered = 0;
    tell({ name, loss });
  }

  #fail(error: unknown): void {
    const { name, tell } = this.#options;
    this.close();
    this.#reason = error instanceof Error ? error.message : String(error);
    this.#nextAttempt = performance.now() + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    if (!this.#told.has("failure")) tell({ name, failure: this.#reason });
    this.#told.add("failure");
  }

  #countMissing(): number {
    try {
      let count = 0;
      for (const _ of readMetrics(this.#path)) count += 1;
      return Math.max(0, count - this.#entry.delivered);
    } catch {
      return 0;
    }
  }
}

/** A folder that was removed or moved may be another run's by now. */
function requireOwn({ folder, id }: LoggedRun): void {
  if ((readRunIdentity(folder)?.runId ?? "unknown") === id) return;
  throw new Error(`${folder} does not hold this run any more`);
}

/** Where the last step of the first `count` lines begins. A file cut back by a resumed run may have fewer. */
function beginningOfStep(path: string, count: number): { position: MetricsPosition; step: number | null } {
  let step: number | null = null;
  let position = METRICS_START;
  let before = METRICS_START;
  for (const { values, end } of count === 0 ? [] : readMetrics(path)) {
    if (values.step !== step) position = before;
    step = values.step;
    before = end;
    if (end.lines >= count) break;
  }
  return { position, step };
}

function* batches(lines: Iterable<MetricsLine>): Generator<MetricsLine[]> {
  let batch: MetricsLine[] = [];
  for (const line of lines) {
    batch.push(line);
    if (batch.length < MOST_LINES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${PATIENCE / 1000} s`);
    timer = setTimeout(() => reject(error), PATIENCE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
