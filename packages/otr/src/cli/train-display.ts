/** @file What a person, or a program, sees of a training run. */
import { counted, shortNumber } from "../config/format-value.js";
import type { TrainEvent } from "../training/events.js";
import { terminalWidth } from "./fit-terminal.js";
import { LiveRegion, type LiveStream } from "./live-region.js";
import { LossHistory } from "./loss-curve.js";
import { formatDuration, ProgressBar } from "./progress-bar.js";
import { RemainingTime } from "./remaining-time.js";
import type { TerminalStyle } from "./terminal-style.js";
import { countText, sizeText, stepDetails, trainingLines } from "./training-lines.js";
import { transferDisplay } from "./transfer-display.js";
import { WarningList } from "./warning-list.js";
import { wrapText } from "./wrap-text.js";

/** A log of lines tells no more often how far encoding is. */
const MILLISECONDS_BETWEEN_LINES = 10_000;
/** Live lines are drawn no more often. */
const MILLISECONDS_BETWEEN_DRAWINGS = 100;

/** As much as fits a line; metrics.jsonl has the others. */
const SHOWN_OF_EVALUATION = /^eval_(?!.*objective_loss$)(.+_)?(loss|mean_token_accuracy)$/;

/** Shows events as they come. */
export type TrainDisplay = (event: TrainEvent) => void;

/** One JSON line per event. */
export function jsonDisplay(write: (text: string) => void): TrainDisplay {
  return (event) => write(`${JSON.stringify(event)}\n`);
}

/** One plain line per logged step and evaluation, for logs. */
export function lineDisplay(write: (text: string) => void, now = () => performance.now()): TrainDisplay {
  const transfers = transferDisplay({ write });
  const warnings = new WarningList();
  const remaining = new RemainingTime(now);
  let lastLine = now();
  return (event) => {
    warnings.add(event);
    if (isTransfer(event)) transfers.show(event);
    else if (event.type === "encode") {
      if (now() - lastLine < MILLISECONDS_BETWEEN_LINES) return;
      lastLine = now();
      write(`encoding ${event.name}: ${mebibytes(event.bytes)} of ${mebibytes(event.totalBytes)} MiB\n`);
    } else if (isLoading(event)) {
      return;
    } else if (event.type === "step") {
      remaining.endStep();
      if (event.metrics === null) return;
      const { step, totalSteps, metrics } = event;
      const time = remaining.ofSteps(totalSteps - step);
      const left = time === null || step === totalSteps ? [] : [`${formatDuration(time)} left`];
      const details = [...stepDetails(metrics), sizeText(metrics.memory_bytes), ...left];
      write(`${[`step ${step}/${totalSteps}`, ...details].join("  ")}\n`);
    } else {
      write(eventText(event, warnings));
    }
  };
}

/** What live lines follow. */
export interface LiveOptions {
  readonly now?: () => number;
  /** Whether a signal has come, and with it a notice behind the lines: that must stay. */
  readonly isInterrupted?: () => boolean;
}

/** Lines that are drawn anew at every step, below what was said: the loss as a curve, a bar, the last numbers. */
export function liveDisplay(
  stream: LiveStream,
  style: TerminalStyle,
  { now = () => performance.now(), isInterrupted = () => false }: LiveOptions = {},
): TrainDisplay {
  const region = new LiveRegion(stream);
  const warnings = new WarningList();
  const remaining = new RemainingTime(now);
  const history = new LossHistory();
  const encoding = encodingBars(stream);
  const transfers = transferDisplay({
    isTTY: true,
    get columns() {
      return terminalWidth(stream);
    },
    write: (text) => stream.write(text),
  });
  let plannedMemory: number | null = null;
  let metrics: Extract<TrainEvent, { type: "step" }>["metrics"] = null;
  let lastDrawing = Number.NEGATIVE_INFINITY;
  let wasInterrupted = false;
  return (event) => {
    if (!wasInterrupted && isInterrupted()) {
      region.leave();
      wasInterrupted = true;
    }
    warnings.add(event);
    if (isTransfer(event)) {
      transfers.show(event);
      return;
    }
    if (event.type === "encode") {
      encoding.show(event);
      return;
    }
    encoding.clear();
    if (isLoading(event)) return;
    if (event.type === "step") {
      const { step, totalSteps } = event;
      remaining.endStep();
      if (event.metrics !== null) {
        metrics = event.metrics;
        history.add(metrics.nll);
      }
      const time = now();
      const isEarly = time >= lastDrawing && time - lastDrawing < MILLISECONDS_BETWEEN_DRAWINGS;
      if (isEarly && step < totalSteps) return;
      lastDrawing = time;
      const { points } = history;
      const state = { step, totalSteps, metrics, points, plannedMemory };
      const left = remaining.ofSteps(totalSteps - step);
      region.draw(trainingLines({ ...state, remaining: left }, terminalWidth(stream), style.isUnicode));
      return;
    }
    region.clear();
    transfers.clear();
    if (event.type === "start") plannedMemory = event.memory?.planned ?? null;
    const text = wrapText(eventText(event, warnings), { width: terminalWidth(stream) });
    stream.write(style.hasColor ? colored(text) : text);
    lastDrawing = Number.NEGATIVE_INFINITY;
  };
}

type EncodeEvent = Extract<TrainEvent, { type: "encode" }>;

/** A bar for each file that is encoded. */
function encodingBars(stream: LiveStream): { show(event: EncodeEvent): void; clear(): void } {
  let current: { name: string; bar: ProgressBar } | null = null;
  return {
    show({ name, bytes, totalBytes }) {
      if (current?.name !== name) {
        current?.bar.clear();
        const total = mebibytes(totalBytes);
        current = { name, bar: new ProgressBar(stream, { total, label: `encoding ${shortName(name)}` }) };
      }
      current.bar.update(mebibytes(bytes), "MiB");
    },
    clear() {
      current?.bar.clear();
      current = null;
    },
  };
}

/** Warnings in yellow. */
const colored = (text: string): string => text.replace(/^warning:/gm, "\u001b[33mwarning:\u001b[39m");

type Transfer = Extract<TrainEvent, { type: "download" | "upload" }>;

const isTransfer = (event: TrainEvent): event is Transfer =>
  event.type === "download" || event.type === "upload";

/** Not shown: whoever watches hears of the run when it starts. */
const isLoading = (event: TrainEvent): event is Extract<TrainEvent, { type: "load" | "loaded" }> =>
  event.type === "load" || event.type === "loaded";

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

const shortName = (name: string): string => (name.length <= 24 ? name : `${name.slice(0, 23)}…`);

function eventText(
  event: Exclude<TrainEvent, Transfer | { type: "step" | "encode" | "load" | "loaded" }>,
  warnings: WarningList,
): string {
  switch (event.type) {
    case "start":
      return `${[...header(event), ...event.notes, ...event.warnings.map((warning) => `warning: ${warning}`)].join("\n")}\n`;
    case "alert":
      return `warning: ${event.message}.\n`;
    case "evaluate": {
      const shown = Object.entries(event.metrics).filter(([name]) => SHOWN_OF_EVALUATION.test(name));
      const metrics = shown.map(([name, value]) => `${name} ${shortNumber(value)}`);
      return `evaluated at step ${event.step}  ${metrics.join("  ")}\n`;
    }
    case "checkpoint":
      return `saved ${event.folder}\n`;
    case "warning":
      return `warning: ${event.message}\n`;
    case "report":
      return `${event.logger}: ${event.place}\n`;
    case "wait":
      return `waiting for ${event.loggers.join(", ")}, ${event.seconds} s at most\n`;
    case "end":
      return [...event.summary, ...warnings.summary].map((line) => `${line}\n`).join("");
  }
}

/** What is trained, on what, how, and with how much. */
function header(event: Extract<TrainEvent, { type: "start" }>): string[] {
  const { memory } = event;
  const size = `${event.modelType}, ${countText(event.parameters)} parameters`;
  const planned =
    memory === null
      ? ""
      : `, about ${sizeText(memory.planned)} of memory (${sizeText(memory.available)} are there)`;
  return [
    `model      ${event.model} (${size})`,
    `data       ${counted(event.rows, "row")}, ${countText(event.tokens)} tokens`,
    `objective  ${event.objective}`,
    `plan       ${counted(event.totalSteps, "step")}${planned}`,
  ];
}
