/** @file Event files for TensorBoard, below `runs/` in the run's folder as Transformers places them. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join, relative, resolve } from "node:path";
import { namesIn } from "../../config/check-paths.js";
import { shellQuote } from "../../config/shell-quote.js";
import type { MetricsLine } from "../read-metrics.js";
import { type EventValue, fileHeader, summaryRecord } from "./event-file.js";
import type { LoggedRun, Logger, LoggerState } from "./logger.js";
import { groupedName, scalars, timeOf } from "./scalars.js";

/**
 * Begins an event file. A run that goes on gets another one in the same folder, as TensorBoard's own writers do; it
 * withdraws what was said of the steps that come again.
 */
export async function openTensorboard(
  run: LoggedRun,
  state: LoggerState,
  from: number | null,
): Promise<Logger> {
  const root = process.env.TENSORBOARD_LOGGING_DIR || join(run.folder, "runs");
  state.folder ??= relative(run.folder, join(root, folderName(new Date())));
  const folder = resolve(run.folder, state.folder);
  mkdirSync(folder, { recursive: true });
  const time = Date.now() / 1000;
  const name = nextFileName(folder, time);
  const path = join(folder, name);
  // Where others lie there of a run that is written again, they are withdrawn as a whole.
  const purgeStep = from ?? (eventFilesIn(folder).length > 0 ? 0 : null);
  const file = new EventFile(path);
  try {
    file.append(fileHeader(time, purgeStep));
    if (from === null) file.append(summaryRecord({ time, step: 0 }, [{ tag: "args", value: argsText(run) }]));
  } catch (error) {
    file.close();
    rmSync(path, { force: true });
    throw error;
  }
  // All that hold something: of a run that is written again this one alone.
  state.files = from === null || state.files === undefined ? name : `${state.files} ${name}`;
  return {
    place: `tensorboard --logdir ${shellQuote(root)}`,
    async log(lines) {
      file.requireName();
      file.append(Buffer.concat(lines.map(lineRecord)));
    },
    async finish() {
      file.requireName();
      file.sync();
    },
    close: () => file.close(),
  };
}

/** Which event files of a run are not there any more; null: all are. An earlier version kept the name of their folder alone. */
export function findLostEventFiles(run: LoggedRun, state: Readonly<LoggerState>): string | null {
  if (state.folder === undefined) return null;
  const folder = resolve(run.folder, state.folder);
  const there = eventFilesIn(folder);
  const lost = state.files?.split(" ").find((name) => !there.includes(name));
  if (lost !== undefined) return `${join(folder, lost)} was removed`;
  return there.length === 0 ? `the event files in ${folder} were removed` : null;
}

const EVENT_FILE = /^events\.out\.tfevents\.(?<second>\d{10})\./;

const eventFilesIn = (folder: string): string[] =>
  (namesIn(folder) ?? []).filter((name) => EVENT_FILE.test(name));

/** The resolved options, in Markdown as Transformers writes them: a block of code by its indentation. */
const argsText = ({ record }: LoggedRun): string =>
  JSON.stringify(record.config, null, 2).replaceAll(/^/gm, "    ");

/** Behind all that are there: a reader takes the files of a folder in the order of their names, and never goes back. */
function nextFileName(folder: string, time: number): string {
  const seconds = eventFilesIn(folder).map((name) => Number(EVENT_FILE.exec(name)?.groups?.second ?? 0));
  const second = Math.max(Math.floor(time), ...seconds.map((earlier) => earlier + 1));
  return `events.out.tfevents.${second}.${hostname()}.${process.pid}.0`;
}

function lineRecord({ values }: MetricsLine): Buffer {
  const events: EventValue[] = scalars(values).map(([name, value]) => ({ tag: groupedName(name), value }));
  return summaryRecord({ time: timeOf(values), step: values.step }, events);
}

/** `Nov23_19-36-07_host`, as PyTorch names it. */
function folderName(date: Date): string {
  const month = date.toLocaleString("en", { month: "short" });
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join("-");
  return `${month}${two(date.getDate())}_${clock}_${hostname()}`;
}

/** A file that only ever holds whole records: a reader stops for good at one that is not. */
class EventFile {
  readonly #path: string;
  readonly #descriptor: number;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, "wx");
  }

  append(records: Buffer): void {
    try {
      for (let sent = 0; sent < records.length; ) {
        sent += writeSync(this.#descriptor, records, sent, records.length - sent, this.#size + sent);
      }
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += records.length;
  }

  /**
   * Sees to it that others can find the file.
   * @throws {Error} where somebody has removed it
   */
  requireName(): void {
    if (!existsSync(this.#path)) throw new Error(`${this.#path} was removed`);
  }

  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
