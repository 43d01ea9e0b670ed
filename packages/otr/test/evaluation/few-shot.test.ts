import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildRequests } from "../../src/evaluation/build-requests.js";
import { openTask } from "../../src/evaluation/task.js";
import { findTasks } from "../../src/evaluation/task-files.js";

/** The prompts of six rows with examples drawn from a file of the same rows. */
async function prompts(fields: string, count: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "few-shot-"));
  const rows = Array.from({ length: 6 }, (_, id) => ({ q: `question ${id}`, a: `answer ${id}` }));
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const file = join(folder, "task.yaml");
  writeFileSync(
    file,
    `task: mine
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl, validation: rows.jsonl}}
doc_to_text: "{{q}}"
doc_to_target: "{{a}}"
metric_list: [{metric: exact_match}]
num_fewshot: ${count}
${fields}
`,
  );
  const task = await openTask(findTasks([file]).tasks[0]!, { taskData: new Map(), openHubDataset: null });
  const options = {
    chatTemplate: null,
    fewShotAsMultiturn: false,
    systemInstruction: null,
    fewShotSeed: 1234,
  };
  const ids = task.documents.map((_, id) => id);
  return buildRequests(task, ids, options).map(({ prompts: [prompt] }) => prompt!.text);
}

it.each([
  ["of which no split is named", "test_split: test"],
  ["of the same split", "test_split: test\nfewshot_split: test"],
  ["of the split that is evaluated for want of a test split", "validation_split: validation"],
  ["that are the first", "test_split: test\nfewshot_config: {sampler: first_n}"],
])("no row is an example of itself among examples %s", async (_, fields) => {
  const written = await prompts(fields, 5);
  for (const [id, prompt] of written.entries()) {
    expect(prompt.match(/answer \d/g)).toHaveLength(5);
    expect(prompt).not.toContain(`answer ${id}`);
  }
});

it("too few other rows are an error", async () => {
  await expect(prompts("test_split: test", 6)).rejects.toThrowError(
    /shows 6 examples .* there are 5 other rows/,
  );
});
