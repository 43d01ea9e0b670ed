/** @file The folder of a run that loggers are given. */
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRunJson } from "../../../src/training/run-record.js";
import type { LoggedRun } from "../../../src/training/loggers/logger.js";
import { type MetricsLine, readMetrics } from "../../../src/training/read-metrics.js";

/** The run of these folders. */
export const RUN_ID = "01234567-89ab-cdef-0123-456789abcdef";

const config = { model_name_or_path: "MODEL", learning_rate: 1e-5, report_to: [], packing: false };

/** A folder with `run.json` and an empty `metrics.jsonl`. */
export function makeRunFolder(more: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "otr-loggers-"));
  const record = { run_id: RUN_ID, status: "completed", config: { ...config, ...more } };
  writeFileSync(join(folder, "run.json"), JSON.stringify(record));
  writeFileSync(join(folder, "metrics.jsonl"), "");
  return folder;
}

/** Appends a line for each step from `first` to `last`, and one of an evaluation for each fourth. */
export function measure(folder: string, first: number, last: number): void {
  for (let step = first; step <= last; step++) {
    const at = { step, epoch: step / 10, time: 1_700_000_000 + step };
    const lines: object[] = [{ ...at, loss: 1 / step, learning_rate: 1e-5, grad_norm: null }];
    if (step % 4 === 0) lines.push({ ...at, eval_loss: 2 / step });
    for (const line of lines) appendFileSync(join(folder, "metrics.jsonl"), `${JSON.stringify(line)}\n`);
  }
}

/** Cuts `metrics.jsonl` back to the lines of the first `steps` steps, as a resumed run does. */
export function cutBack(folder: string, steps: number): void {
  const path = join(folder, "metrics.jsonl");
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const kept = lines.filter((line) => JSON.parse(line).step <= steps);
  writeFileSync(path, kept.map((line) => `${line}\n`).join(""));
}

/** The lines of a folder from a step on. */
export const linesFrom = (folder: string, step = 1): MetricsLine[] =>
  [...readMetrics(join(folder, "metrics.jsonl"))].filter(({ values }) => values.step >= step);

/** The run of a folder as a logger is given it. */
export const loggedRun = (folder: string): LoggedRun => ({
  folder,
  id: RUN_ID,
  name: "a run",
  project: "a project",
  record: readRunJson(join(folder, "run.json")),
});
