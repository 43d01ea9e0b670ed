import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";

const choices = { text: ["a long answer", "short"], label: ["A", "B"] };
const rows = ["A", "B", "A"].map((answerKey) => ({ question: "Q?", choices, answerKey }));
const lines = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** The results of stored answers to these rows, one after the other. */
async function evaluated(task: string, outputs: readonly unknown[]) {
  const folder = mkdtempSync(join(tmpdir(), "stored-"));
  const data = join(folder, "rows.jsonl");
  const predictions = join(folder, "predictions.jsonl");
  writeFileSync(data, lines(rows.map((row) => ({ ...row, text: "A text." }))));
  writeFileSync(predictions, lines(outputs.map((output, doc_id) => ({ doc_id, output }))));
  const { tasks, notes } = await evaluate({ tasks: [task], predictions, taskData: new Map([[task, data]]) });
  return { values: tasks[0]!.metrics.map(({ metric, value }) => [metric, value]), notes };
}

describe("stored answers to multiple choice", () => {
  it.each([
    ["numbers", [0, 0, 1]],
    ["texts", ["a long answer", " a long answer\n", "short"]],
  ])("that are %s have acc alone, and a note says so", async (_, outputs) => {
    const { values, notes } = await evaluated("arc_easy", outputs);
    expect(values).toEqual([["acc", 1 / 3]]);
    expect(notes.join()).toMatch(/acc_norm would need the log-likelihood of each choice/);
  });

  it("that are log-likelihoods have all metrics", async () => {
    const outputs = [
      [-6, -5],
      [-5, -6],
      [-1, -9],
    ];
    const { values, notes } = await evaluated("arc_easy", outputs);
    expect(values).toEqual([
      ["acc", 1 / 3],
      ["acc_norm", 2 / 3],
    ]);
    expect(notes).toEqual([]);
  });

  it.each([
    ["a choice that there is not", [2], /doc_id 0 is 2, which is none of its 2 choices/],
    ["a text that is no choice", ["B"], /doc_id 0 is "B", which is none of its 2 choices/],
    ["too few log-likelihoods", [[-1]], /has 1 log-likelihoods, where the row has 2 choices/],
    ["another kind of value", [{ choice: 1 }], /is no answer/],
  ])("are refused for %s", async (_, outputs, message) => {
    await expect(evaluated("arc_easy", outputs)).rejects.toThrowError(message);
  });
});

describe("stored answers to other tasks", () => {
  it("are texts where the task writes some", async () => {
    await expect(evaluated("gsm8k_cot", [42])).rejects.toThrowError(
      /have no text as the output with doc_id 0/,
    );
  });

  it("are refused for the perplexity of a text", async () => {
    await expect(evaluated("text_perplexity", ["x"])).rejects.toThrowError(/which only a model gives/);
  });
});
