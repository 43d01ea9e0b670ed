import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeOptions } from "../../src/config/describe-options.js";
import { readFileLayer } from "../../src/config/file-layer.js";
import { generateOptions } from "../../src/config/generate-options.js";
import { trainOptions } from "../../src/config/train-options.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, schema: Parameters<typeof describeOptions>[0] = trainOptions, name = "run.yaml") {
  const path = join(folder, name);
  writeFileSync(path, text);
  const layer = readFileLayer(path, describeOptions(schema));
  const values = Object.fromEntries([...layer.entries].map(([key, { value }]) => [key, value]));
  const short = (where: string) => where.replace(`${folder}/`, "");
  const problems = layer.problems.map(({ where, message }) => ({ where: short(where), message }));
  const places = [...layer.entries.values()].map(({ where }) => short(where));
  return { values, problems, places, unreadable: layer.unreadable };
}

describe("readFileLayer", () => {
  it("reads YAML in both spellings, with the place of every value", () => {
    const { values, places } = read(
      "# a run\nlearning_rate: 1e-3\n\nlossType: dft\nbf16: True\neval_steps: ~\n",
    );
    expect(values).toEqual({ learningRate: 1e-3, lossType: "dft", bf16: true, evalSteps: null });
    expect(places).toEqual([
      "run.yaml:2 learning_rate",
      "run.yaml:4 lossType",
      "run.yaml:5 bf16",
      "run.yaml:6 eval_steps",
    ]);
  });

  it("reads JSON, tabs included", () => {
    const { values } = read(
      '{\n\t"max_steps": 5,\n\t"lr_scheduler_kwargs": {"min_lr": 1e-6}\n}',
      trainOptions,
      "a.json",
    );
    expect(values).toEqual({ maxSteps: 5, lrSchedulerKwargs: { minLr: 1e-6 } });
  });

  it("reads quoted numbers, and makes no text of numbers without quotes", () => {
    const { values } = read(
      'output_dir: 2026\ndataset: "007"\nlearning_rate: "1e-3"\nmodel_name_or_path: true\n',
    );
    expect(values).toEqual({ outputDir: 2026, dataset: "007", learningRate: 1e-3, modelNameOrPath: true });
  });

  it("takes one text for a list of one", () => {
    expect(read("prompt: hello\nstop: [a, b]\n", generateOptions).values).toEqual({
      prompt: ["hello"],
      stop: ["a", "b"],
    });
  });

  it("reports unknown and repeated options by line", () => {
    const { problems } = read(
      "learning_rat: 1\nlogging_dir: x\nseed: 1\n__proto__: 3\nmax_steps: 1\nmaxSteps: 2\n",
    );
    expect(problems).toEqual([
      { where: "run.yaml:1 learning_rat", message: expect.stringContaining("Did you mean learning_rate?") },
      { where: "run.yaml:2 logging_dir", message: expect.stringContaining("output_dir/runs") },
      { where: "run.yaml:4 __proto__", message: expect.stringContaining("no such option") },
      { where: "run.yaml:6 maxSteps", message: expect.stringContaining("more than once") },
    ]);
  });

  it.each([
    ["seed: 1\nseed: 2\n", "run.yaml:2", /unique/],
    ["a: [1\nb: 2", "run.yaml:2", /not valid YAML/],
    ["- 1\n- 2\n", "run.yaml", /holds no options/],
    ["just text", "run.yaml", /holds no options/],
    ["", "run.yaml", /empty/],
    ["seed: *nowhere", "run.yaml", /not valid YAML: Unresolved alias/],
    ['{"a": }\n{"b": }\n{"c": }', "run.yaml:2", /not valid YAML/],
    ["seed: 1\0", "run.yaml", /binary file/],
    ["# a\n".repeat(300_000), "run.yaml", /larger than 1 MiB/],
  ])("refuses %j", (text, where, message) => {
    const { problems, unreadable } = read(text);
    expect(problems).toEqual([{ where, message: expect.stringMatching(message) }]);
    expect(unreadable).toBe(true);
  });

  it("knows a file of rows", () => {
    const rows = '{"prompt": "a", "completion": "b"}\n'.repeat(3);
    const named = {
      where: "rows",
      message: `holds rows, not options. Did you mean --dataset ${folder}/rows?`,
    };
    expect(read(rows, trainOptions, "rows").problems).toEqual([named]);
    expect(read(rows.repeat(50_000), trainOptions, "rows").problems).toEqual([named]);
    expect(read("{", trainOptions, "a.jsonl").problems).toEqual([
      { where: "a.jsonl", message: expect.stringMatching(/holds rows/) },
    ]);
    expect(read("a,b", trainOptions, "a.csv").problems[0]?.message).toMatch(
      /Did you mean --dataset \S+a\.csv\?/,
    );
    expect(read('{"prompt": "a"}', generateOptions).values).toEqual({ prompt: ["a"] });
  });

  it("says when there is no such file", () => {
    const layer = readFileLayer(join(folder, "rum.yaml"), []);
    expect(layer.problems[0]?.message).toMatch(/does not exist/);
  });
});
