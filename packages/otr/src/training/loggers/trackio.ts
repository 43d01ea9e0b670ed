/**
 * @file Reports to trackio through its inbox: files of JSON lines that `trackio show` takes into its database
 * (`trackio/fragments.py`, version 1 of the format, trackio 0.28 and newer).
 *
 * The database itself is left to trackio: SQLite without native code has no locks that other processes see, so writing
 * to it beside a dashboard or another run could damage it.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../../config/shell-quote.js";
import { huggingFaceHome } from "../../hub/hub-settings.js";
import type { MetricsLine } from "../read-metrics.js";
import type { LoggedRun, Logger, LoggerState } from "./logger.js";
import { groupedName, scalars, timeOf } from "./scalars.js";

/** Where nobody looks for long, so many files are put together into one. */
const MOST_FILES = 100;
/** A file of this size stays as it is. */
const FULL_BYTES = 2 ** 20;

/** `TRACKIO_DIR`, else `$HF_HOME/trackio`. */
export const trackioFolder = (): string => process.env.TRACKIO_DIR || join(huggingFaceHome(), "trackio");

/**
 * Begins to put lines into the inbox. Trackio drops those that it has already, by their ids; what it has not taken yet of
 * the steps that come again is withdrawn.
 */
export async function openTrackio(run: LoggedRun, _: LoggerState, from: number | null): Promise<Logger> {
  const inbox = join(trackioFolder(), "inbox", run.id);
  if (from !== null) putTogether(inbox, partsOf(inbox), ({ step }) => step < from);
  const ids = new LineIds(run.id);
  let isFirst = true;
  return {
    place: `trackio show --project ${shellQuote(run.project)}`,
    async log(lines) {
      const records = lines.map((line) => lineRecord(run, line, ids.next(line)));
      if (isFirst && records[0]) records[0].config = run.record.config;
      writeRecords(inbox, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      isFirst = false;
      const parts = partsOf(inbox);
      if (parts.length >= MOST_FILES) putTogether(inbox, parts.filter(isSmall));
    },
    finish: takeIn,
    close() {},
  };
}

/** The same line has the same id whenever it is sent: the step, and which line of that step it is. */
class LineIds {
  readonly #run: string;
  #step = -1;
  #index = 0;

  constructor(run: string) {
    this.#run = run;
  }

  next({ values: { step } }: MetricsLine): string {
    this.#index = step === this.#step ? this.#index + 1 : 0;
    this.#step = step;
    return `${this.#run}-${step}-${this.#index}`;
  }
}

/** A record of the inbox; trackio keeps the last `config` of a run. */
interface InboxRecord {
  readonly log_id: string;
  readonly step: number;
  config: Record<string, unknown> | null;
  readonly [field: string]: unknown;
}

function lineRecord({ id, name, project }: LoggedRun, { values }: MetricsLine, logId: string): InboxRecord {
  const metrics = scalars(values).map(([key, value]) => [groupedName(key), value]);
  return {
    v: 1,
    kind: "metric",
    project,
    run: name,
    run_id: id,
    metrics: { ...Object.fromEntries(metrics), "train/global_step": values.step },
    step: values.step,
    timestamp: new Date(1000 * timeOf(values)).toISOString(),
    config: null,
    log_id: logId,
  };
}

/** A file of the inbox is whole from the start and never changes: trackio removes what it has read. */
function writeRecords(inbox: string, records: string): void {
  const name = `${Date.now()}-${process.hrtime.bigint()}.jsonl`;
  const temporary = join(inbox, `${name}.tmp`);
  // Trackio removes an inbox that it has emptied, perhaps between these two.
  mkdirSync(inbox, { recursive: true });
  try {
    writeFileSync(temporary, records);
    renameSync(temporary, join(inbox, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function partsOf(inbox: string): string[] {
  const names = existsSync(inbox) ? readdirSync(inbox) : [];
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => join(inbox, name));
}

const isSmall = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < FULL_BYTES;

/** What trackio takes meanwhile is gone; what it takes of the old files and of the new one it drops. */
function putTogether(
  inbox: string,
  parts: readonly string[],
  stays: (record: InboxRecord) => boolean = () => true,
): void {
  const lines = parts.flatMap((part) => readIfThere(part).split(/(?<=\n)/));
  const kept = lines.filter((line) => line.endsWith("\n") && stays(JSON.parse(line)));
  if (kept.length > 0) writeRecords(inbox, kept.join(""));
  for (const part of parts) rmSync(part, { force: true });
}

/** Where python3 has trackio, its commands show the run at once; elsewhere `trackio show` takes it in. */
const TAKE_IN = "from trackio import fragments; fragments.import_inbox_dir()";

/** Never fails: the inbox has all. */
function takeIn(): Promise<void> {
  return new Promise((resolve) => {
    const process = spawn("python3", ["-c", TAKE_IN], { stdio: "ignore", detached: true, timeout: 30_000 });
    process.on("error", () => resolve());
    process.on("close", () => resolve());
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
