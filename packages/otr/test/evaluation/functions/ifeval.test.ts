import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import { processResults } from "../../../src/evaluation/functions/ifeval.js";

/** Evaluates stored answers to rows, the first of which has the answer "Hi". */
async function evaluated(...rows: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), "ifeval-"));
  const data = join(folder, "rows.jsonl");
  const predictions = join(folder, "predictions.jsonl");
  writeFileSync(data, rows.map((row) => `${JSON.stringify({ prompt: "Say hi.", ...row })}\n`).join(""));
  writeFileSync(predictions, '{"doc_id": 0, "output": "Hi"}\n');
  return evaluate({ tasks: ["ifeval"], predictions, taskData: new Map([["ifeval", data]]) });
}

const row = { instruction_id_list: ["punctuation:no_comma"], kwargs: [{}] };

describe("rows of IFEval that cannot be checked are refused before a model is asked", () => {
  it.each([
    ["no list of instructions", {}, /doc_id 1\) needs a list of texts in the column instruction_id_list/],
    ["fewer arguments than instructions", { ...row, kwargs: [] }, /as many objects in the column kwargs/],
    [
      "an unknown instruction",
      { ...row, instruction_id_list: ["punctuation:no_coma"] },
      /there is not; did you mean punctuation:no_comma\?/,
    ],
    [
      "an argument that is not there",
      {
        instruction_id_list: ["length_constraints:number_words"],
        kwargs: [{ relation: "at least", num_words: null }],
      },
      /needs a whole number as num_words in the kwargs of length_constraints:number_words, and has null/,
    ],
    [
      "a relation that is none",
      { instruction_id_list: ["length_constraints:number_words"], kwargs: [{ relation: "about" }] },
      /needs "less than" or "at least" as relation .* has "about"/,
    ],
    [
      "a word that is no regular expression",
      { instruction_id_list: ["keywords:existence"], kwargs: [{ keywords: ["a", "(b"] }] },
      /regular expression "\(\?i\)\(b" is wrong/,
    ],
  ])("%s", async (_, wrong, message) => {
    await expect(evaluated(row, wrong)).rejects.toThrowError(message);
  });

  it("takes rows that can", async () => {
    const { tasks } = await evaluated(row, row);
    expect(tasks[0]!.metrics.map(({ metric, value }) => [metric, value])).toEqual([
      ["prompt_level_strict_acc", 1],
      ["inst_level_strict_acc", 1],
      ["prompt_level_loose_acc", 1],
      ["inst_level_loose_acc", 1],
    ]);
  });
});

describe("a loose reading", () => {
  const quoted = { ...row, instruction_id_list: ["startend:quotation"] };

  it.each([
    ['Sure:\n"Hi"', true],
    ['"Hi"\nBye', true],
    ['Sure:\n"Hi"\nBye', true],
    ['*"Hi"*', true],
    ['Sure:\n\n"Hi"\nBye\nBye', false],
    ["", false],
  ])("of %j", async (answer, isFollowed) => {
    expect(await processResults(quoted, answer)).toEqual({
      prompt_level_strict_acc: false,
      inst_level_strict_acc: [false],
      prompt_level_loose_acc: isFollowed,
      inst_level_loose_acc: [isFollowed],
    });
  });
});
