/** @file Event files for TensorBoard, below `runs/` in the run's folder as Transformers places them. */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join, relative, resolve } from "node:path";
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
  const path = join(folder, nextFileName(folder, time));
  const file = new EventFile(path);
  try {
    file.append(fileHeader(time, from));
    if (from === null) file.append(summaryRecord({ time, step: 0 }, [{ tag: "args", value: argsText(run) }]));
  } catch (error) {
    file.close();
    rmSync(path, { force: true });
    throw error;
  }
  return {
    place: `tensorboard --logdir ${shellQuote(root)}`,
    async log(lines) {
      file.append(Buffer.concat(lines.map(lineRecord)));
    },
    async finish() {
      file.sync();
    },
    close: () => file.close(),
  };
}

/** The resolved options, in Markdown as Transformers writes them: a block of code by its indentation. */
const argsText = ({ record }: LoggedRun): string =>
  JSON.stringify(record.config, null, 2).replaceAll(/^/gm, "    ");

/** Behind all that are there: a reader takes the files of a folder in the order of their names, and never goes back. */
function nextFileName(folder: string, time: number): string {
  const seconds = readdirSync(folder).map((name) =>
    Number(/^events\.out\.tfevents\.(\d{10})\./.exec(name)?.[1] ?? 0),
  );
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
  readonly #descriptor: number;
  #size = 0;

  constructor(path: string) {
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

  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
