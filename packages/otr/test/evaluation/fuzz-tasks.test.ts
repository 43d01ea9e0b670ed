import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parsePythonLiteral } from "../../src/data/python-literal.js";
import { DataError } from "../../src/errors.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { PythonRegex } from "../../src/evaluation/python-regex.js";

const folder = mkdtempSync(join(tmpdir(), "fuzz-tasks-"));
const rows = [
  {
    question: "What is 1 + 1?",
    answer: "So\n#### 2",
    choices: { text: ["a", "b c"], label: ["A", "B"] },
    answerKey: "B",
  },
  { question: "", answer: "", choices: { text: [], label: [] }, answerKey: "" },
];
writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
writeFileSync(
  join(folder, "said.jsonl"),
  '{"doc_id": 0, "output": "#### 2 Question: x"}\n{"doc_id": 1, "output": ""}\n',
);

const source = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../tasks/${name}.yaml`, import.meta.url)), "utf8").replace(
    /dataset_path: .*/,
    "dataset_path: json\ndataset_kwargs: {data_files: {test: rows.jsonl, train: rows.jsonl, validation: rows.jsonl}}",
  );
const WORDS = [
  ": ",
  "- ",
  "[",
  "]",
  "{{",
  "}}",
  "{%",
  "%}",
  "!function x.y",
  "!function mbpp.build_predictions",
  "null",
  "-1",
  "1e9",
  "(?s)",
  "(",
  "*+",
  "\\",
  "include: a.yaml\n",
  "num_fewshot: 3\n",
  "repeats: 2\n",
  "gen_prefix: x\n",
  "output_type: multiple_choice\n",
  "doc_to_choice: [a, b]\n",
  "\n",
  "  ",
  "é😀",
  "|",
];

/** A text with some of its parts cut, doubled, or replaced. */
function mutated(text: string, draw: () => number): string {
  let result = text;
  for (let left = 1 + Math.floor(draw() * 4); left > 0; left--) {
    const at = Math.floor(draw() * (result.length + 1));
    const length = Math.floor(draw() ** 3 * 40);
    const kind = draw();
    const word = WORDS[Math.floor(draw() * WORDS.length)]!;
    const middle = kind < 0.4 ? word : kind < 0.7 ? "" : result.slice(at, at + length).repeat(2);
    result = result.slice(0, at) + middle + result.slice(at + length);
  }
  return result;
}

/** Numbers below 1 that a seed decides. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

it("damaged tasks are refused with a reason, or scored", { timeout: 60_000 }, async () => {
  const draw = numbers(12);
  let scored = 0;
  for (const name of ["gsm8k", "gsm8k_cot", "arc_easy", "math500"]) {
    const text = source(name);
    for (let round = 0; round < 60; round++) {
      const file = join(folder, "task.yaml");
      writeFileSync(file, mutated(text, draw));
      try {
        await evaluate({ tasks: [file], predictions: join(folder, "said.jsonl"), limit: 2 });
        scored += 1;
      } catch (error) {
        if (!(error instanceof DataError))
          throw new Error(`${readFileSync(file, "utf8")}\n${error}`, { cause: error });
        expect(error.message.length).toBeLessThan(20_000);
      }
    }
  }
  expect(scored).toBeGreaterThan(5);
});

it("damaged regular expressions are refused, or search", () => {
  const draw = numbers(7);
  const patterns = [
    "(-?[$0-9.,]{2,})|(-?[0-9]+)",
    "(?s)```(?:\\w+)?\\n?(.*?)\\n?```",
    "(?P<a>[^\\]\\w-])+$",
    "\\bx{,3}?(?<=y)\\Z",
  ];
  for (let round = 0; round < 4000; round++) {
    const pattern = mutated(patterns[round % patterns.length]!, draw);
    try {
      new PythonRegex(pattern).findAll("The answer is $1,234.50\n```py\nx\n```");
    } catch (error) {
      if (!(error instanceof DataError)) throw new Error(pattern, { cause: error });
    }
  }
});

it("damaged literals are values, or none", () => {
  const draw = numbers(3);
  for (let round = 0; round < 4000; round++) {
    parsePythonLiteral(mutated("[(1, 'a\\n'), [True, None, -2.5e3], \"b\"]", draw));
  }
  expect(parsePythonLiteral("[".repeat(100_000))).toBeUndefined();
});
