import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import { DataError } from "../../../src/errors.js";
import { RowError } from "../../../src/evaluation/document.js";
import { MersenneTwister } from "../../../src/evaluation/mersenne-twister.js";
import { processDocs, processResults } from "../../../src/evaluation/functions/ifeval.js";

/** Evaluates stored answers to rows, the first of which has the answer "Hi". */
async function evaluated(...rows: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), "ifeval-"));
  const data = join(folder, "rows.jsonl");
  const predictions = join(folder, "predictions.jsonl");
  writeFileSync(data, rows.map((row) => `${JSON.stringify({ prompt: "Say hi.", ...row })}\n`).join(""));
  writeFileSync(predictions, '{"doc_id": 0, "output": "Hi"}\n');
  return evaluate({ tasks: ["ifeval"], predictions, taskData: new Map([["ifeval", data]]) });
}

const IDS = [
  "change_case:english_lowercase",
  "detectable_format:json_format",
  "keywords:existence",
  "keywords:frequency",
  "keywords:letter_frequency",
  "language:response_language",
  "length_constraints:number_words",
  "startend:quotation",
  "toString",
];
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

it("refuses damaged rows with a reason, or scores them", { timeout: 30_000 }, async () => {
  const values = [
    "punctuation:no_comma",
    "keywords:existence",
    "",
    "(",
    "less than",
    -1,
    2.5,
    1e300,
    null,
    [],
    ["a"],
    {},
    true,
  ];
  const names = [
    "keywords",
    "relation",
    "num_words",
    "frequency",
    "keyword",
    "letter",
    "language",
    "constructor",
  ];
  const random = new MersenneTwister(5);
  const any = <Value>(list: readonly Value[]): Value => random.sample(list, 1)[0]!;
  let scored = 0;
  for (let left = 3000; left > 0; left--) {
    const id = any(IDS);
    const kwargs = Object.fromEntries(Array.from({ length: 3 }, () => [any(names), any(values)]));
    const damaged = {
      instruction_id_list: any([[id], [id], [id], any(values)]),
      kwargs: any([[kwargs], [kwargs], any(values)]),
    };
    try {
      processDocs([damaged]);
      await processResults(damaged, "Some answer, *with* [parts].\n\nP.S. It ends.");
      scored += 1;
    } catch (error) {
      if (!(error instanceof RowError || error instanceof DataError)) throw error;
    }
  }
  expect(scored).toBeGreaterThan(50);
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
