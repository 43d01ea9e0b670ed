/** @file `loggers.json`: which run this is for the loggers, and what each has of it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LOGGER_NAMES, type LoggerName } from "../../config/logger-names.js";
import { writeFileAtomically } from "../../models/write-file-atomically.js";
import { readMetrics } from "../read-metrics.js";

const NAME = "loggers.json";

const entrySchema = z.object({
  /** Lines of `metrics.jsonl` that it has. */
  delivered: z.int().min(0),
  /** What it needs to go on with the same run. */
  state: z.record(z.string(), z.string()),
});

const recordSchema = z.object({
  /** That of `run.json`; another one's file is an earlier run's. */
  run_id: z.string(),
  loggers: z.partialRecord(z.enum(LOGGER_NAMES), entrySchema),
});

/**
 * Takes the record to what `metrics.jsonl` holds: a run that goes on has cut lines off, and others will stand in their
 * place. The record of an earlier run is removed.
 */
export async function cutBackDeliveries(folder: string, runId: string): Promise<void> {
  const record = DeliveryRecord.open(folder, runId);
  if (record.isEmpty) {
    rmSync(join(folder, NAME), { force: true });
    return;
  }
  let count = 0;
  for (const _ of readMetrics(join(folder, "metrics.jsonl"))) count += 1;
  record.cutBack(count);
  await record.save();
}

type RecordContent = z.output<typeof recordSchema>;

/** What a logger has of a run. */
export type DeliveryEntry = z.output<typeof entrySchema>;

/** The loggers of a run as they are kept in its folder. */
export class DeliveryRecord {
  readonly #folder: string;
  readonly #content: RecordContent;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, content: RecordContent) {
    this.#folder = folder;
    this.#content = content;
  }

  /**
   * What the folder keeps of the run `runId`. A new record where that is nothing, or nothing that can be read: loggers
   * bear lines that come again.
   */
  static open(folder: string, runId: string): DeliveryRecord {
    const kept = readContent(join(folder, NAME));
    return new DeliveryRecord(folder, kept?.run_id === runId ? kept : { run_id: runId, loggers: {} });
  }

  /** What `name` has; to be changed in place. */
  entry(name: LoggerName): DeliveryEntry {
    const entry = this.#content.loggers[name] ?? { delivered: 0, state: {} };
    this.#content.loggers[name] = entry;
    return entry;
  }

  /** Forgets who has lines behind the first `count`. */
  cutBack(count: number): void {
    for (const entry of Object.values(this.#content.loggers))
      entry.delivered = Math.min(entry.delivered, count);
  }

  /** Whether nobody has been told of the run. */
  get isEmpty(): boolean {
    return Object.keys(this.#content.loggers).length === 0;
  }

  /** Writes the record, one write after the other. */
  save(): Promise<void> {
    const write = () =>
      writeFileAtomically(join(this.#folder, NAME), `${JSON.stringify(this.#content, null, 2)}\n`);
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }
}

function readContent(path: string): RecordContent | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
