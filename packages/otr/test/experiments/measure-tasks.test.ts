import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeTasks } from "../../src/experiments/measure-tasks.js";

const SETTINGS = {
  ...{ includePath: null, taskData: [], applyChatTemplate: false, systemInstruction: null },
  ...{ batchSize: 32, confirmRunUnsafeCode: false },
  ...{ numFewshot: null, limit: null, genKwargs: {}, dtype: "auto" as const },
};

it("measures a task again that is graded otherwise, and none that is not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "measure-tasks-"));
  writeFileSync(join(folder, "data.jsonl"), '{"q": "one", "a": "1"}\n');
  const task = join(folder, "task.yaml");
  writeFileSync(
    task,
    `task: asked
dataset_path: json
dataset_kwargs: {data_files: {test: ${join(folder, "data.jsonl")}}}
test_split: test
doc_to_text: "{{q}}"
doc_to_target: "{{a}}"
metric_list: [{metric: exact_match}]`,
  );
  const fingerprint = async (gradingVersion?: number) =>
    (await describeTasks(task, SETTINGS, gradingVersion))[0]!.fingerprint;
  expect(await fingerprint()).toBe(await fingerprint());
  expect(await fingerprint(1_000)).not.toBe(await fingerprint());
  expect(await fingerprint(1_000)).not.toBe(await fingerprint(1_001));
});
