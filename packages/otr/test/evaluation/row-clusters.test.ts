import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { evaluationTable } from "../../src/cli/evaluation-table.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resultsDocument } from "../../src/evaluation/results-files.js";
import { standardError } from "../../src/evaluation/statistics/standard-error.js";
import { wilsonInterval } from "../../src/evaluation/statistics/wilson-interval.js";

interface Row {
  readonly q: string;
  readonly passage?: string | number | null;
  readonly isRight: boolean;
}

/** Scores made-up answers to rows of a task that asks `q`. */
async function scored(rows: readonly Row[], fields = "") {
  const folder = mkdtempSync(join(tmpdir(), "clusters-"));
  const [data, task, predictions] = ["data.jsonl", "task.yaml", "predictions.jsonl"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  writeFileSync(data, lines(rows.map(({ q, passage, isRight: _ }) => ({ q, passage }))));
  writeFileSync(
    predictions,
    lines(rows.map(({ isRight }, id) => ({ doc_id: id, output: isRight ? "a" : "b" }))),
  );
  writeFileSync(
    task,
    `task: asked
dataset_path: json
dataset_kwargs: {data_files: {test: ${data}}}
test_split: test
doc_to_text: "{{q}}"
doc_to_target: "a"
metric_list: [{metric: exact_match, aggregation: mean}]
${fields}`,
  );
  const evaluation = await evaluate({ tasks: [task], predictions });
  const { samples, metrics, clusters } = evaluation.tasks[0]!;
  const { value, standardError: error, interval } = metrics[0]!;
  return { evaluation, samples, clusters, value, error, interval };
}

const RIGHT = [1, 0, 1, 1, 0, 1, 0, 1, 1, 1].map(Boolean);
const once: readonly Row[] = RIGHT.map((isRight, at) => ({ q: `question ${at}`, isRight }));

it("counts each row where no two ask the same", async () => {
  const { clusters, samples, error, interval, evaluation } = await scored(once);
  expect(clusters).toBeNull();
  expect(samples.some((sample) => "cluster" in sample)).toBe(false);
  expect(error).toBe(standardError(RIGHT.map(Number)));
  expect(interval).toEqual(wilsonInterval(7, 10));
  expect(evaluationTable(evaluation)).not.toContain("clusters");
});

it("is no surer of itself for rows that are asked three times", async () => {
  const { clusters, samples, value, error, interval, evaluation } = await scored([...once, ...once, ...once]);
  expect(clusters).toBe(10);
  expect(samples[25]).toMatchObject({ doc_id: 25, cluster: "5" });
  expect(value).toBeCloseTo(0.7, 12);
  expect(error).toBeCloseTo(standardError(RIGHT.map(Number))!, 12);
  // The error of 10 rows is that of a rate over 9, as the sample deviation divides by n - 1.
  expect(interval!.high - interval!.low).toBeGreaterThan(
    wilsonInterval(7, 10).high - wilsonInterval(7, 10).low,
  );
  expect(interval!.low).toBeGreaterThan(0.3);
  const context = { model: "m", config: {}, systemInstruction: null, fewshotAsMultiturn: false };
  const document = resultsDocument(evaluation, {
    ...context,
    chatTemplate: null,
    date: new Date(0),
    version: "0",
  });
  expect(document).toMatchObject({
    clusters: { asked: 10 },
    results: { asked: { "exact_match_stderr,none": error } },
  });
  expect(evaluationTable(evaluation).replace(/\s+/g, " ")).toContain("asked: 30 rows make 10 clusters");
});

it.each([true, false])("has an interval over clusters where all rows are %s", async (isRight) => {
  const rows = once.map((row) => ({ ...row, isRight }));
  const { error, interval } = await scored([...rows, ...rows]);
  expect(error).toBe(0);
  expect(interval).toEqual(wilsonInterval(isRight ? 10 : 0, 10));
});

it("is never surer than for as many rows that are no clusters", async () => {
  // Each cluster has one right row and one wrong row: less varied than rows by themselves.
  const rows = [0, 1, 2, 3].flatMap((at) =>
    [true, false].map((isRight) => ({ q: `question ${at}`, isRight })),
  );
  expect((await scored(rows)).interval).toEqual(wilsonInterval(4, 8));
});

it("has no error where all rows ask the same", async () => {
  const rows = RIGHT.map((isRight) => ({ q: "the same", isRight }));
  expect(await scored(rows)).toMatchObject({ clusters: 1, error: null, interval: null });
});

it("takes the column that a task names", async () => {
  const rows = once.map((row, at) => ({ ...row, passage: at < 4 ? "a" : at < 8 ? "b" : 3 }));
  const { clusters, samples, error } = await scored(rows, "metadata: {version: 1, cluster: passage}");
  expect(clusters).toBe(3);
  expect(samples.map(({ cluster }) => cluster)).toEqual(["a", "a", "a", "a", "b", "b", "b", "b", "3", "3"]);
  // Mean 0.7; sums of deviations 0.2, -0.8, 0.6; sqrt(3/2 * 1.04) / 10.
  expect(error).toBeCloseTo(Math.sqrt(1.5 * 1.04) / 10, 12);
});

it.each([[null], [""]])("refuses rows whose cluster is %j", async (passage) => {
  const rows = once.map((row, at) => ({ ...row, passage: at === 3 ? passage : at }));
  await expect(scored(rows, "metadata: {cluster: passage}")).rejects.toMatchObject({
    code: "TASK_ROW",
    message: expect.stringContaining("row 3"),
  });
});
