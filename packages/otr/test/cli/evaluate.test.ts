import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { FakeHub } from "../hub/fake-hub.js";
import { captureOutput, printed } from "./capture-output.js";

let folder: string;
let hub: FakeHub;
const at = (name: string): string => join(folder, name);
const rows = Array.from({ length: 4 }, (_, id) => ({ question: `Q${id}`, answer: `#### ${id}` }));
const lines = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  folder = mkdtempSync(join(tmpdir(), "otr-evaluate-"));
  writeFileSync(at("rows.jsonl"), lines(rows));
  const said = ["The answer is 0.", "The answer is 1.", "The answer is 7.", "3 "];
  writeFileSync(
    at("said.jsonl"),
    lines(
      said.map((output, doc_id) => ({ doc_id, output, finish_reason: doc_id === 3 ? "length" : "stop" })),
    ),
  );
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  return hub.stop();
});

const evaluate = (...args: readonly string[]) =>
  main(["evaluate", "--tasks", "gsm8k_cot", "--predictions", at("said.jsonl"), ...args]);

describe("otr evaluate", () => {
  const data = () => ["--task_data", `openai/gsm8k=${at("rows.jsonl")}`];

  it("prints a table of 80 columns, with the answers that were cut", async () => {
    expect(await evaluate(...data())).toBe(0);
    expect(printed.stdout).toContain("0.5000");
    expect(printed.stdout).toContain("25 %");
    expect(printed.stdout).toMatch(/cut: answers that ended at the limit of tokens/);
    for (const line of printed.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(readdirSync(folder).sort()).toEqual(["rows.jsonl", "said.jsonl"]);
  });

  it("writes results and samples, and prints the results as JSON", async () => {
    expect(await evaluate(...data(), "--output_path", at("out"), "--json")).toBe(0);
    const document = JSON.parse(printed.stdout);
    const [results, samples] = readdirSync(at("out")).sort();
    expect(JSON.parse(readFileSync(at(`out/${results}`), "utf8"))).toEqual(document);
    expect(document.results.gsm8k_cot).toMatchObject({
      sample_len: 4,
      "exact_match,strict-match": 0.5,
      "exact_match,flexible-extract": 0.75,
    });
    expect(document.truncated).toEqual({ gsm8k_cot: 1 });
    expect(
      readFileSync(at(`out/${samples}`), "utf8")
        .trimEnd()
        .split("\n"),
    ).toHaveLength(8);
  });

  it("says that predictions are missing", async () => {
    writeFileSync(at("one.jsonl"), lines([{ doc_id: 2, output: "The answer is 2." }]));
    const args = ["--tasks", "gsm8k_cot", "--predictions", at("one.jsonl"), ...data()];
    expect(await main(["evaluate", ...args])).toBe(0);
    expect(printed.stderr).toMatch(/hold 1 of 4 rows; the others are\s+not evaluated/);
  });

  it("takes data sets from the Hub", async () => {
    hub.add(
      "openai/gsm8k",
      {
        "README.md":
          "---\nconfigs:\n- config_name: main\n  data_files:\n  - split: test\n    path: main/test-*\n---\n",
        "main/test-0.jsonl": lines(rows),
      },
      "dataset",
    );
    expect(await evaluate("--limit", "0.5")).toBe(0);
    expect(printed.stdout).toMatch(/1\.0000/);
  });

  it.each([
    ["no model and no predictions", ["--tasks", "gsm8k"], /--model\n?.*is missing.*predictions/s],
    ["a mistyped task", ["--tasks", "gsm9k", "--predictions", "said.jsonl"], /did you mean gsm8k/],
    [
      "several mistyped tasks",
      ["--tasks", "gsm9k,arc_esy,no.yaml", "--predictions", "said.jsonl"],
      /gsm8k\?.*did you mean arc_easy\?.*file no\.yaml does not exist/s,
    ],
    ["no task between commas", ["--tasks", ",", "--predictions", "said.jsonl"], /needs names of tasks/],
    [
      "data of a task that is not evaluated",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--task_data", "gsm8k_cto:test=ROWS"],
      /task_data gsm8k_cto:test: is no data.*did you mean gsm8k_cot:test\?/,
    ],
    [
      "a file in place of the folder of results",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--output_path", "ROWS"],
      /--output_path\n.*is a file/,
    ],
    [
      "a folder in place of predictions",
      ["--tasks", "gsm8k_cot", "--predictions", tmpdir()],
      /--predictions\n.*is a folder/,
    ],
    ["a mistyped option", ["--task", "gsm8k", "--model", "m"], /Did you mean --tasks\?/],
    [
      "data that is not there",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--task_data", "gsm8k_cot=none.jsonl"],
      /none\.jsonl/,
    ],
    [
      "a file without a split in place of another split",
      ["--tasks", "gsm8k", "--predictions", "said.jsonl", "--task_data", "gsm8k=ROWS"],
      /openai\/gsm8k/,
    ],
    [
      "task data without a name",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--task_data", "none.jsonl"],
      /NAME=FILE/,
    ],
    [
      "a setting of generation that there is not",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--gen_kwargs", "max_tokens=3"],
      /gen_kwargs.*max_gen_toks/s,
    ],
    [
      "an end for answers of a model",
      ["--tasks", "gsm8k_cot", "--model", "m", "--eos_string", "x"],
      /eos_string.*no effect/s,
    ],
    [
      "multiturn without a template",
      ["--tasks", "gsm8k_cot", "--predictions", "said.jsonl", "--fewshot_as_multiturn", "true"],
      /fewshot_as_multiturn.*no effect/s,
    ],
    ["code without consent", ["--tasks", "mbpp", "--predictions", "said.jsonl"], /confirm_run_unsafe_code/],
  ])("%s is an error of usage", async (_, args, message) => {
    const named = args.map((arg) =>
      arg.endsWith("said.jsonl") ? at("said.jsonl") : arg.replace("ROWS", at("rows.jsonl")),
    );
    expect(await main(["evaluate", ...named])).toBe(2);
    expect(printed.stderr).toMatch(message);
    expect(printed.stdout).toBe("");
  });
});
