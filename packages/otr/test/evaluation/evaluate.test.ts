import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resultsDocument } from "../../src/evaluation/results-files.js";
import { harnessData, harnessReference, hasShared, predictionsOf } from "./harness-reference.js";

const context = {
  model: "predictions",
  config: {},
  systemInstruction: null,
  fewshotAsMultiturn: false,
  chatTemplate: null,
  date: new Date(0),
  version: "0",
};

/** Files whose every number is the same without a sandbox. */
const FILES: readonly (readonly [file: string, task: string])[] = [
  ["gsm8k_cot.json.gz", "gsm8k_cot"],
  ["gsm8k.json.gz", "gsm8k"],
  ["minerva_math500.json.gz", "minerva_math500"],
  ["hendrycks_math500.json", "hendrycks_math500"],
  ["mmlu_pro.json", "mmlu_pro"],
  ["ifeval.json", "ifeval"],
];

describe.skipIf(!hasShared)("scored as lm-evaluation-harness scores", () => {
  it.each(FILES)("%s", async (file, task) => {
    const reference = harnessReference(file);
    const evaluation = await evaluate({
      tasks: [task],
      taskData: harnessData(),
      predictions: predictionsOf(reference),
      eosString: "<|endoftext|>",
    });
    for (const { task: own, samples } of evaluation.tasks) {
      const expected = reference.samples[own.config.task]!;
      expect(samples.length).toBe(expected.length);
      for (const [at, sample] of samples.entries()) {
        const { truncated, ...written } = JSON.parse(JSON.stringify(sample));
        expect(truncated).toBeNull();
        expect(written).toEqual(expected[at]);
      }
    }
    const document = JSON.parse(JSON.stringify(resultsDocument(evaluation, context)));
    for (const key of [
      "results",
      "groups",
      "group_subtasks",
      "versions",
      "higher_is_better",
      "n-samples",
      "task_hashes",
    ]) {
      if (key in reference.results) expect(document[key], key).toMatchObject(reference.results[key]!);
    }
  });
});
