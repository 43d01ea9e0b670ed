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
  doc: { question: "1+1", id: doc_id },
  doc_hash: `row ${doc_id}`,
  prompt_hash: `prompt ${doc_id}`,
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
  const read = { task: "sum", prompt: "1+1=", target: "2", response: "it is 2", answer: "2" };
  const ids = (row: number) => ({
    clusterId: `prompt ${row}`,
    itemIds: [`row ${row}`, "1+1=", '["1+1",[]]'],
  });
  expect(readTaskSamples(folder, "sum")).toEqual([
    { docId: 0, ...ids(0), ...read, score: 1, isTruncated: false },
    { docId: 1, ...ids(1), ...read, score: 0, isTruncated: true },
  ]);
});

const choices = (likelihoods: readonly unknown[]) => ({
  target: "1",
  filter: "none",
  arguments: {
    gen_args_0: { arg_0: "Is it?", arg_1: " no" },
    gen_args_1: { arg_0: "Is it so?", arg_1: " yes" },
  },
  resps: likelihoods.map((likelihood) => [likelihood]),
  filtered_resps: likelihoods,
  truncated: null,
  metrics: ["acc", "acc_norm"],
  acc: true,
});

it("takes for an answer the choice that the model found most likely", () => {
  write("samples_arc_2026-01-01T00-00-00.jsonl", [
    line(
      0,
      choices([
        ["-1.5", "False"],
        ["-0.5", "True"],
      ]),
    ),
    line(1, choices(["-1.5", "-2.5"])),
  ]);
  expect(readTaskSamples(folder, "arc")).toMatchObject([
    { score: 1, prompt: "Is it so?", response: " yes", answer: "yes" },
    { prompt: "Is it?", response: " no", answer: "no" },
  ]);
});

it("knows items that belong together", () => {
  write("samples_read_2026-01-01T00-00-00.jsonl", [
    line(0, { cluster: "passage" }),
    line(1, { cluster: "passage" }),
  ]);
  expect(readTaskSamples(folder, "read").map(({ clusterId }) => clusterId)).toEqual(["passage", "passage"]);
});

it("finds the files of a task by the name that they have", () => {
  write("samples_sums_hard_test_2026-01-01T00-00-00.jsonl", [line(0)]);
  expect(readTaskSamples(folder, "sums+hard test")).toHaveLength(1);
});

it("knows a question again behind another template, and in a file with other columns", () => {
  write("samples_a_2026-01-01T00-00-00.jsonl", [line(0)]);
  write("samples_b_2026-01-01T00-00-00.jsonl", [
    line(5, { doc: { Question: "1+1 ", level: 3 }, arguments: { gen_args_0: { arg_0: "Q: 1+1" } } }),
  ]);
  write("samples_c_2026-01-01T00-00-00.jsonl", [
    line(6, {
      doc: { question: "1+1", choices: ["2", "3"] },
      arguments: { gen_args_0: { arg_0: "C: 1+1" } },
    }),
  ]);
  const [a, b, c] = ["a", "b", "c"].map((task) => readTaskSamples(folder, task)[0]!.itemIds);
  expect(b!.filter((id) => a!.includes(id))).toHaveLength(1);
  // Of one wording, but about other choices.
  expect(c!.filter((id) => a!.includes(id))).toEqual([]);
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
