/** @file What a person, or a program, sees of a training run. */
import { counted, formatNumber } from "../config/format-value.js";
import type { StepMetrics, TrainEvent } from "../training/events.js";
import { terminalWidth } from "./fit-terminal.js";
import { type BarStream, ProgressBar } from "./progress-bar.js";
import { transferDisplay } from "./transfer-display.js";
import { wrapText } from "./wrap-text.js";

/** A log of lines tells no more often how far encoding is. */
const MILLISECONDS_BETWEEN_LINES = 10_000;

/** As much as fits a line; metrics.jsonl has the others. */
const SHOWN_OF_EVALUATION = ["eval_loss", "eval_mean_token_accuracy"];

/** Shows events as they come. */
export type TrainDisplay = (event: TrainEvent) => void;

/** One JSON line per event. */
export function jsonDisplay(write: (text: string) => void): TrainDisplay {
  return (event) => write(`${JSON.stringify(event)}\n`);
}

/** One plain line per logged step and evaluation, for logs. */
export function lineDisplay(write: (text: string) => void, now = () => performance.now()): TrainDisplay {
  const transfers = transferDisplay({ write });
  let lastLine = now();
  return (event) => {
    if (isTransfer(event)) transfers.show(event);
    else if (event.type === "encode") {
      if (now() - lastLine < MILLISECONDS_BETWEEN_LINES) return;
      lastLine = now();
      write(`encoding ${event.name}: ${mebibytes(event.bytes)} of ${mebibytes(event.totalBytes)} MiB\n`);
    } else if (event.type === "load") {
      return;
    } else if (event.type === "step") {
      if (event.metrics !== null) {
        write(`step ${event.step}/${event.totalSteps}  ${stepDetails(event.metrics)}\n`);
      }
    } else {
      write(eventText(event));
    }
  };
}

/** A progress bar that moves at every step, for terminals. */
export function barDisplay(stream: BarStream): TrainDisplay {
  let bar: ProgressBar | null = null;
  let details = "";
  const transfers = transferDisplay({
    isTTY: true,
    get columns() {
      return terminalWidth(stream);
    },
    write: (text) => stream.write(text),
  });
  let encoding: { name: string; bar: ProgressBar } | null = null;
  return (event) => {
    if (isTransfer(event)) {
      transfers.show(event);
      return;
    }
    if (event.type === "encode") {
      const { name, totalBytes } = event;
      if (encoding?.name !== name) {
        encoding?.bar.clear();
        const total = mebibytes(totalBytes);
        encoding = { name, bar: new ProgressBar(stream, { total, label: `encoding ${shortName(name)}` }) };
      }
      encoding.bar.update(mebibytes(event.bytes), "MiB");
      return;
    }
    encoding?.bar.clear();
    if (event.type === "load") return;
    if (event.type === "step") {
      bar ??= new ProgressBar(stream, { total: event.totalSteps });
      if (event.metrics !== null) details = stepDetails(event.metrics);
      bar.update(event.step, details);
      return;
    }
    bar?.clear();
    transfers.clear();
    stream.write(wrapText(eventText(event), { width: terminalWidth(stream) }));
    if (event.type === "start") bar = new ProgressBar(stream, { total: event.totalSteps });
  };
}

type Transfer = Extract<TrainEvent, { type: "download" | "upload" }>;

const isTransfer = (event: TrainEvent): event is Transfer =>
  event.type === "download" || event.type === "upload";

/** Loss, learning rate and speed, short enough to stand beside a bar. */
function stepDetails(metrics: StepMetrics): string {
  const parts = [`loss ${metrics.loss.toFixed(4)}`, `lr ${shortNumber(metrics.learning_rate)}`];
  parts.push(`${countText(metrics.tokens_per_second)} tok/s`);
  return parts.join("  ");
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

const shortName = (name: string): string => (name.length <= 24 ? name : `${name.slice(0, 23)}…`);

function eventText(event: Exclude<TrainEvent, Transfer | { type: "step" | "encode" | "load" }>): string {
  switch (event.type) {
    case "start": {
      const model = `${event.modelType}, ${countText(event.parameters)} parameters`;
      const work = `${counted(event.rows, "row")}, ${counted(event.totalSteps, "step")}`;
      const lines = [`Training ${model}, ${work}.`, ...event.notes];
      return `${lines.join("\n")}\n`;
    }
    case "evaluate": {
      const shown = Object.entries(event.metrics).filter(([name]) => SHOWN_OF_EVALUATION.includes(name));
      const metrics = shown.map(([name, value]) => `${name} ${shortNumber(value)}`);
      return `evaluated at step ${event.step}  ${metrics.join("  ")}\n`;
    }
    case "checkpoint":
      return `saved ${event.folder}\n`;
    case "warning":
      return `Warning: ${event.message}\n`;
    case "end":
      return event.summary.map((line) => `${line}\n`).join("");
  }
}

function shortNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(4)));
}

/** A count in three or four digits: 812160 is `812k`. */
function countText(count: number): string {
  for (const [size, letter] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (count >= size) return `${Number((count / size).toPrecision(3))}${letter}`;
  }
  return String(Math.round(count));
}
