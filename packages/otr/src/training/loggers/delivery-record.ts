/** @file `loggers.json`: which run this is for the loggers, and what each has of it. */
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LOGGER_NAMES, type LoggerName } from "../../config/logger-names.js";
import { DataError } from "../../errors.js";
import { writeFileAtomically } from "../../models/write-file-atomically.js";

const NAME = "loggers.json";

const entrySchema = z.object({
  /** Lines of `metrics.jsonl` that it has. */
  delivered: z.int().min(0),
  /** What it needs to go on with the same run. */
  state: z.record(z.string(), z.string()),
});

const recordSchema = z.object({
  run_id: z.string().regex(/^[0-9a-f]{32}$/),
  loggers: z.partialRecord(z.enum(LOGGER_NAMES), entrySchema),
});

/** What a logger has of a run. */
export type DeliveryEntry = z.output<typeof entrySchema>;

/** The loggers of a run as they are kept in its folder. */
export class DeliveryRecord {
  readonly #folder: string;
  readonly #content: z.output<typeof recordSchema>;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, content: z.output<typeof recordSchema>) {
    this.#folder = folder;
    this.#content = content;
  }

  /**
   * What the folder keeps, or a new record.
   *
   * @throws {DataError} `LOGGERS_INVALID`
   */
  static open(folder: string): DeliveryRecord {
    const path = join(folder, NAME);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return new DeliveryRecord(folder, { run_id: randomBytes(16).toString("hex"), loggers: {} });
    }
    try {
      return new DeliveryRecord(folder, recordSchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new DataError(
        "LOGGERS_INVALID",
        `${path} is not as otr train writes it, so nobody knows what the loggers have of this run; remove it, and they begin with a new run`,
        { cause: error },
      );
    }
  }

  /** Forgets what an earlier run of the folder left. */
  static remove(folder: string): void {
    rmSync(join(folder, NAME), { force: true });
  }

  /** Of the run, whatever it is called. */
  get runId(): string {
    return this.#content.run_id;
  }

  /** The loggers that have been told of this run. */
  get names(): LoggerName[] {
    return LOGGER_NAMES.filter((name) => this.#content.loggers[name] !== undefined);
  }

  /** What `name` has; to be changed in place. */
  entry(name: LoggerName): DeliveryEntry {
    const entry = this.#content.loggers[name] ?? { delivered: 0, state: {} };
    this.#content.loggers[name] = entry;
    return entry;
  }

  /** Writes the record, one write after the other. */
  save(): Promise<void> {
    const write = () =>
      writeFileAtomically(join(this.#folder, NAME), `${JSON.stringify(this.#content, null, 2)}\n`);
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }
}
