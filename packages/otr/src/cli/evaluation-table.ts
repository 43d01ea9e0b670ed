/** @file The results of an evaluation as text of 80 columns. */
import type { MetricResult } from "../evaluation/aggregate.js";
import type { Evaluation, TaskEvaluation } from "../evaluation/evaluate.js";
import type { Task } from "../evaluation/task.js";
import { wrapText } from "./wrap-text.js";

/** Widths of the columns task, metric, value, standard error, interval, rows, truncated. */
const WIDTHS = [20, 17, 7, 7, 14, 6, 6] as const;
const HEAD = ["task", "metric", "value", "stderr", "95 % interval", "n", "cut"];

/** A row for each metric and filter; the share of answers that the limit of tokens cut beside every score. */
export function evaluationTable({ tasks, groups }: Evaluation): string {
  const rows = tasks.flatMap(({ task, metrics, rows: count, truncated }) =>
    metrics.map((metric) => [
      task.config.task,
      ...cells(metric),
      String(count),
      cutShare(task, truncated, count),
    ]),
  );
  const groupRows = groups.flatMap(({ group, metrics }) =>
    metrics.map((metric) => [group.group, ...cells(metric), String(metric.count), ""]),
  );
  const lines = [HEAD, ...rows, ...groupRows].map(line);
  const paragraphs = [...cutLegend(tasks), ...tasks.flatMap(programNote), ...tasks.flatMap(clusterNote)];
  return `${lines.join("\n")}\n${paragraphs.map((text) => `${wrapText(text)}\n`).join("")}`;
}

function cutLegend(tasks: readonly TaskEvaluation[]): string[] {
  const isCut = tasks.some(({ truncated }) => truncated !== null && truncated > 0);
  return isCut
    ? [
        "cut: answers that ended at the limit of tokens, and are often wrong because of it; raise it with " +
          "--gen_kwargs max_gen_toks=N.",
      ]
    : [];
}

function programNote({ task, programs }: TaskEvaluation): string[] {
  if (programs === null || programs.tried_again === 0) return [];
  const { run, tried_again: again, timed_out: out } = programs;
  return [
    `${task.config.task}: ${again} of ${run} programs timed out and were tried again, alone; ${out} of them timed out ` +
      "again, and count as wrong.",
  ];
}

function clusterNote({ task, rows, clusters }: TaskEvaluation): string[] {
  if (clusters === null) return [];
  return [
    `${task.config.task}: ${rows} rows make ${clusters} clusters, which ask the same or belong together; standard errors and ` +
      "intervals count clusters.",
  ];
}

function cells({ metric, filter, value, standardError, interval }: MetricResult): string[] {
  const name = filter === "none" ? metric : `${metric} (${filter})`;
  const bounds = interval === null ? "-" : `${number(interval.low)}-${number(interval.high)}`;
  return [name, number(value), standardError === null ? "-" : number(standardError), bounds];
}

const number = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(4) : value.toPrecision(5));

function cutShare({ config }: Task, truncated: number | null, rows: number): string {
  if (config.output_type !== "generate_until") return "-";
  if (truncated === null) return "?";
  return `${((100 * truncated) / Math.max(1, rows)).toFixed(0)} %`;
}

/** A long name stands on a line of its own, so that the columns stay where they are. */
function line([task = "", metric = "", ...others]: readonly string[]): string {
  const [taskWidth, metricWidth, ...widths] = WIDTHS;
  const values = others.map((cell, at) => cell.padStart(widths[at]!)).join("");
  const named = `${task.padEnd(taskWidth - 1)} ${metric}`;
  const start = taskWidth + metricWidth;
  if (named.length <= start) return named.padEnd(start) + values;
  return `${named}\n${" ".repeat(start)}${values}`;
}
