import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkScoring } from "../../src/evaluation/score-task.js";
import { findTasks, ownTaskNames } from "../../src/evaluation/task-files.js";

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "tasks-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const OWN = `
task: mine
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
doc_to_text: "{{question}}"
doc_to_target: "{{answer}}"
metric_list: [{metric: exact_match}]
`;

describe("the tasks of this program", () => {
  it.each(ownTaskNames())("%s is read, and its metrics and filters are known", (name) => {
    const { tasks } = findTasks([name]);
    expect(tasks.length).toBeGreaterThan(0);
    for (const { config } of tasks) checkScoring({ config });
  });

  it("holds the tasks of a group with the group's name", () => {
    const { tasks, groups } = findTasks(["mmlu_pro"]);
    expect(tasks).toHaveLength(14);
    expect(tasks.every(({ groups: own }) => own.includes("mmlu_pro"))).toBe(true);
    expect(groups.map(({ group }) => group)).toEqual(["mmlu_pro"]);
  });
});

describe("tasks of a person", () => {
  it("stand beside those of this program, and before them", () => {
    const folder = folderWith({
      "a.yaml": OWN,
      "b.yaml": "include: a.yaml\ntask: gsm8k_cot\nnum_fewshot: 2\n",
    });
    const { tasks } = findTasks(["mine", "gsm8k_cot", "gsm8k"], folder);
    expect(tasks.map(({ config }) => [config.task, config.num_fewshot, config.dataset_path])).toEqual([
      ["mine", 0, "json"],
      ["gsm8k_cot", 2, "json"],
      ["gsm8k", 5, "openai/gsm8k"],
    ]);
  });

  it.each([
    ["an unknown name", "gsm9k", {}, /TASK_UNKNOWN.*did you mean gsm8k/],
    [
      "every mistake together",
      "mine",
      { "a.yaml": `${OWN}doc_to_tekst: a\nrepeats: 0\ndoc_to_image: b\n` },
      /repeats.*doc_to_tekst.*did you mean doc_to_text.*doc_to_image.*not supported/s,
    ],
    [
      "Python code",
      "mine",
      { "a.yaml": `${OWN}process_results: !function utils.score\n` },
      /TASK_FUNCTION.*utils\.score.*not run/,
    ],
    [
      "an unknown filter",
      "mine",
      { "a.yaml": `${OWN}filter_list: [{name: a, filter: [{function: regexx}]}]\n` },
      /TASK_FILTER.*did you mean regex/,
    ],
    [
      "a wrong setting of a filter",
      "mine",
      { "a.yaml": `${OWN}filter_list: [{name: a, filter: [{function: regex, group: 1}]}]\n` },
      /TASK_FILTER.*group/,
    ],
    [
      "an unknown metric",
      "mine",
      { "a.yaml": OWN.replace("exact_match", "exactmatch") },
      /TASK_METRIC.*did you mean exact_match/,
    ],
    [
      "a wrong setting of a metric",
      "mine",
      { "a.yaml": OWN.replace("exact_match", "exact_match, ignore_case: 3") },
      /TASK_METRIC.*ignore_case/s,
    ],
    [
      "an unknown aggregation",
      "mine",
      { "a.yaml": OWN.replace("exact_match", "exact_match, aggregation: median") },
      /TASK_METRIC.*no aggregation median for exact_match/,
    ],
    [
      "a mistyped setting of generation",
      "mine",
      { "a.yaml": `${OWN}generation_kwargs: {untl: x}\n` },
      /TASK_INVALID.*generation_kwargs\.untl.*did you mean until\?/s,
    ],
    [
      "files that include each other",
      "mine",
      { "a.yaml": "task: mine\ninclude: b.yaml\n", "b.yaml": "include: a.yaml\n" },
      /TASK_INVALID.*include/,
    ],
    ["a group that holds itself", "g", { "a.yaml": "group: g\ntask: [g]\n" }, /TASK_INVALID.*holds itself/],
    ["what is no YAML", "mine", { "a.yaml": "task: [mine\n" }, /TASK_INVALID.*YAML/],
  ] as const)("%s is an error", (_, name, files, message) => {
    const run = () => {
      for (const { config } of findTasks([name], folderWith(files)).tasks) checkScoring({ config });
    };
    expect(run).toThrowError(expect.objectContaining({ name: "DataError" }));
    try {
      run();
    } catch (error) {
      const { code, message: text } = error as Error & { code: string };
      expect(`${code}: ${text}`).toMatch(message);
    }
  });
});
