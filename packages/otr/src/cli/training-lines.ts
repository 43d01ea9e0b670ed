/** @file What stands below a run while it goes on: its course, how far it is, and its last numbers. */
import { shortNumber } from "../config/format-value.js";
import type { StepMetrics } from "../training/events.js";
import { lossCurve } from "./loss-curve.js";
import { formatDuration } from "./progress-bar.js";

/** How far a run is. */
export interface TrainingState {
  readonly step: number;
  readonly totalSteps: number;
  /** The last logged line. */
  readonly metrics: StepMetrics | null;
  /** Of the negative log-likelihoods so far: other objectives are no measure of how good a model is. */
  readonly points: readonly number[];
  /** Milliseconds; null where nothing is known yet. */
  readonly remaining: number | null;
  /** Bytes that `otr plan` counts. */
  readonly plannedMemory: number | null;
}

const WIDEST = 80;
const WIDEST_CURVE = 48;

/** Up to three lines of at most `columns - 1` characters: the curve, the bar, and the numbers. */
export function trainingLines(state: TrainingState, columns: number, isUnicode: boolean): string[] {
  const width = Math.min(WIDEST, columns) - 1;
  return [curveLine(state, width, isUnicode), barLine(state, width), numbersLine(state, width)].filter(
    (line) => line !== "",
  );
}

function curveLine({ points, metrics }: TrainingState, width: number, isUnicode: boolean): string {
  const [first] = points;
  if (first === undefined || metrics === null) return "";
  const [before, after] = [`nll ${shortLoss(first)} `, ` ${shortLoss(metrics.nll)}`];
  const curve = lossCurve(points, Math.min(WIDEST_CURVE, width - before.length - after.length), isUnicode);
  return curve === "" ? "" : `${before}${curve}${after}`;
}

function barLine({ step, totalSteps, remaining }: TrainingState, width: number): string {
  const share = totalSteps > 0 ? Math.min(1, step / totalSteps) : 1;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const left = remaining === null || share === 1 ? "" : `  ${formatDuration(remaining)} left`;
  const text = `${step}/${totalSteps}${left}`;
  const room = Math.min(40, width - percent.length - text.length - 4);
  const gauge = room >= 5 ? ` [${"=".repeat(Math.round(share * room)).padEnd(room)}] ` : " ";
  return `${percent}${gauge}${text}`;
}

/** As many of the numbers, the most wanted first, as fit. */
function numbersLine({ metrics, plannedMemory }: TrainingState, width: number): string {
  if (metrics === null) return "";
  const planned = plannedMemory === null ? "" : ` of ${sizeText(plannedMemory)} planned`;
  const parts = [...stepDetails(metrics), `${sizeText(metrics.memory_bytes)}${planned}`];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : `${line}  ${part}`;
    if (longer.length > width) break;
    line = longer;
  }
  return line;
}

/** Loss, or reward where that is known, learning rate and speed of a step, each a few words. */
export function stepDetails(metrics: StepMetrics): string[] {
  const { loss, reward, learning_rate, tokens_per_second } = metrics;
  const length = metrics["completions/mean_length"];
  return [
    ...(reward === undefined ? [`loss ${shortLoss(loss)}`] : [`reward ${shortLoss(reward)}`]),
    ...(length === undefined ? [] : [`length ${shortNumber(length)}`]),
    `lr ${shortNumber(learning_rate)}`,
    `${countText(tokens_per_second)} tok/s`,
  ];
}

const shortLoss = (loss: number): string => loss.toFixed(4);

/** A count in three or four digits: 812160 is `812k`. */
export function countText(count: number): string {
  for (const [size, letter] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (count >= size) return `${Number((count / size).toPrecision(3))}${letter}`;
  }
  return String(Math.round(count));
}

/** Bytes as memory is counted: `1.4 GiB`, `212 MiB`. */
export function sizeText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
