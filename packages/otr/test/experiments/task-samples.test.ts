import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readTaskSamples } from "../../src/experiments/task-samples.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-samples-"));
  mkdirSync(join(folder, "eval"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, lines: readonly object[]) =>
  writeFileSync(join(folder, "eval", name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
const line = (doc_id: number, more: object = {}) => ({
  doc_id,
  doc: { question: "1+1" },
  target: "2",
  arguments: { gen_args_0: { arg_0: "1+1=", arg_1: { until: ["\n"] } } },
  resps: [["it is 2"]],
  filtered_resps: ["2"],
  filter: "strict-match",
  metrics: ["exact_match"],
  exact_match: 1,
  truncated: false,
  ...more,
});

it("reads the first metric of the first filter of the newest file, in the order of the items", () => {
  write("samples_sum_2026-01-01T00-00-00.000.jsonl", [line(0, { exact_match: 0 })]);
  write("samples_sum_2026-01-02T00-00-00.000.jsonl", [
    line(1, { truncated: true, exact_match: 0 }),
    line(0),
    line(0, { filter: "flexible-extract", exact_match: 0 }),
  ]);
  write("samples_sum_of_two_2026-01-03T00-00-00.000.jsonl", [line(7)]);
  const read = { prompt: "1+1=", target: "2", response: "it is 2", answer: "2" };
  expect(readTaskSamples(folder, "sum")).toEqual([
    { docId: 0, ...read, score: 1, isTruncated: false },
    { docId: 1, ...read, score: 0, isTruncated: true },
  ]);
});

it("reads scored choices, whose answers are likelihoods", () => {
  const scored = {
    target: "1",
    filter: "none",
    resps: [[["-1.5", "False"]], [["-0.5", "True"]]],
    truncated: null,
  };
  write("samples_arc_2026-01-01T00-00-00.jsonl", [
    line(0, { ...scored, filtered_resps: [["-1.5", "False"]], metrics: ["acc", "acc_norm"], acc: true }),
  ]);
  expect(readTaskSamples(folder, "arc")[0]).toMatchObject({ score: 1, response: '["-1.5","False"]' });
});

it.each([
  [[], /holds no samples_sum_\*\.jsonl/],
  [[{ doc_id: "x" }], /samples_sum_.*:1 is no sample of an evaluation/],
  [
    [line(3, { metrics: ["word_perplexity"], word_perplexity: [-3, 2] })],
    /word_perplexity is no number for item 3/,
  ],
  [[line(3, { metrics: ["missing"] })], /the metric missing is no number/],
])("of %j says what is wrong", (lines, message) => {
  if (lines.length > 0) write("samples_sum_2026-01-01T00-00-00.jsonl", lines);
  expect(() => readTaskSamples(folder, "sum")).toThrow(message);
});
