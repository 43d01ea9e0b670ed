/** A tiny model with rows and tasks, and comparisons of them that run in this process. */
import { mkdirSync, writeFileSync } from "node:fs";
import type { CompareInput } from "../../src/config/compare-options.js";
import { resolveCompareConfig } from "../../src/config/resolve-compare-config.js";
import { carryOutRun } from "../../src/experiments/carry-out-run.js";
import type { RunningOptions } from "../../src/experiments/run-comparison.js";
import type { RunOrder } from "../../src/experiments/run-order.js";
import { makeRunWorkspace } from "../training/run-workspace.js";

type Start = NonNullable<RunningOptions["start"]>;

/** Options of a comparison as a file has them, their names in camelCase. */
export type ComparisonInput = Record<string, unknown>;

const ANSWERS = [
  "output_type: generate_until",
  'doc_to_target: "{{answer}}"',
  'generation_kwargs: { until: ["\\n"], do_sample: false, max_gen_toks: 4 }',
  "metric_list: [{ metric: exact_match, aggregation: mean, higher_is_better: true }]",
];
const CHOICES = [
  "output_type: multiple_choice",
  "doc_to_target: 0",
  'doc_to_choice: ["yes", "not at all"]',
  "metric_list: [{ metric: acc, aggregation: mean, higher_is_better: true }]",
];

export async function makeComparisonWorkspace() {
  const runs = await makeRunWorkspace();
  mkdirSync(runs.path("tasks"));
  /** Writes a task of these questions and returns the path of its file; `template` is what stands before each. */
  const writeTask = (
    name: string,
    questions: readonly string[],
    { template = "", choices = false } = {},
  ): string => {
    const file = name.replaceAll(/\W/g, "_");
    runs.writeRows(
      `tasks/${file}.jsonl`,
      questions.map((prompt) => ({ prompt, answer: "yes" })),
    );
    const lines = [
      `task: "${name}"`,
      "dataset_path: json",
      `dataset_kwargs: { data_files: { test: ${file}.jsonl } }`,
      "test_split: test",
      `doc_to_text: "${template}{{prompt}}"`,
      'target_delimiter: ""',
      ...(choices ? CHOICES : ANSWERS),
      "metadata: { version: 1.0 }",
    ];
    writeFileSync(runs.path("tasks", `${file}.yaml`), `${lines.join("\n")}\n`);
    return runs.path("tasks", `${file}.yaml`);
  };
  const tasks = {
    validation: [writeTask("held_out", ["say 20: ", "say 21: "])],
    in_domain: [writeTask("same", ["say 1: ", "say 2: ", "say 3: "])],
    forgetting: [writeTask("old", ["tell 1: ", "tell 2: "])],
  };
  const { maxSteps: _, ...common } = { ...runs.input(), maxSteps: 0 };
  const { modelNameOrPath: model, dataset, outputDir: _out, learningRate: _rate, ...train } = common;
  const input = (more: ComparisonInput = {}): ComparisonInput => ({
    models: { base: model },
    datasets: { rows: dataset },
    objectives: { sft: { loss_type: "nll" }, otr: { loss_type: "otr", otr_num_samples: 8 } },
    learningRates: [1e-3, 1e-2],
    seeds: [1, 2],
    tasks,
    tokenRows: 3,
    train: { ...train, maxSteps: 2 },
    outputDir: runs.path("comparison"),
    ...more,
  });
  return {
    ...runs,
    writeTask,
    tasks,
    trainInput: runs.input,
    input,
    config: (more: ComparisonInput = {}) => resolveCompareConfig(input(more) as CompareInput),
  };
}

/** Carries out orders in this process, and remembers them. */
export function inThisProcess(orders: RunOrder[] = []): Start {
  return (order, onProgress) => {
    orders.push(order);
    return { result: carryOutRun(order, onProgress), kill: async () => {} };
  };
}
