import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datasetSources } from "../../src/config/dataset-sources.js";
import { resolveCommandLine } from "../../src/config/resolve-command-line.js";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { trainOptionSet } from "../../src/config/train-rules.js";
import { ConfigError } from "../../src/errors.js";

let folder = "";
let base: { modelNameOrPath: string; outputDir: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-sources-"));
  mkdirSync(join(folder, "model"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors"])
    writeFileSync(join(folder, "model", name), "{}");
  mkdirSync(join(folder, "set"));
  for (const name of ["a.jsonl", "b.csv", "set/train.jsonl", "set/valid.csv"])
    writeFileSync(join(folder, name), "x\n");
  base = { modelNameOrPath: join(folder, "model"), outputDir: join(folder, "out") };
});
afterEach(() => rmSync(folder, { recursive: true }));

function mistakes(input: object): readonly string[] {
  try {
    resolveTrainConfig({ ...base, ...input });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message }) => `${where}: ${message.replaceAll(folder, "F")}`);
  }
}

/** What the command line makes of `--dataset`. */
async function datasetOf(...values: string[]): Promise<unknown> {
  const flags = Object.entries(base).flatMap(([key, value]) => [`--${key}`, value]);
  const args = [...flags, ...values.flatMap((value) => ["--dataset", value])];
  return (await resolveCommandLine(trainOptionSet, args, []))!.config.dataset;
}

describe("sources", () => {
  const a = () => join(folder, "a.jsonl");
  const b = () => join(folder, "b.csv");

  it("are a path, an object or a list of them", () => {
    const columns = { prompt: "q" };
    const defaults = { split: "train", columns: null } as const;
    const whole = {
      weight: null,
      split: "train",
      namesSplit: false,
      name: null,
      revision: "main",
      columns: null,
    };
    expect(datasetSources("a", defaults)).toEqual([{ ...whole, path: "a" }]);
    expect(datasetSources({ path: "a", split: "validation", columns }, defaults)).toEqual([
      { ...whole, path: "a", split: "valid", namesSplit: true, columns },
    ]);
    expect(datasetSources(["a", { path: "b", weight: 2 }], { ...defaults, columns })).toEqual([
      { ...whole, path: "a", columns },
      { ...whole, path: "b", weight: 2, columns },
    ]);
  });

  it("are written on the command line as paths, pairs or JSON", async () => {
    expect(await datasetOf(a())).toBe(a());
    expect(await datasetOf(a(), b())).toEqual([a(), b()]);
    expect(await datasetOf(`path=${a()},weight=2`, `{"path": "${b()}", "weight": 0.5}`)).toEqual([
      { path: a(), weight: 2 },
      { path: b(), weight: 0.5 },
    ]);
    await expect(datasetOf("year=2024/rows.jsonl")).rejects.toThrow(/year=2024\/rows\.jsonl does not exist/);
  });

  it("are written in YAML as a list", async () => {
    const file = join(folder, "run.yaml");
    const list = `dataset:\n  - path: ${a()}\n    weight: 2\n  - path: ${b()}\n    weight: 1\n    columns: {prompt: q}\n`;
    writeFileSync(
      file,
      `model_name_or_path: ${base.modelNameOrPath}\noutput_dir: ${base.outputDir}\n${list}`,
    );
    const { config } = (await resolveCommandLine(trainOptionSet, [file], []))!;
    expect(config.dataset).toEqual([
      { path: a(), weight: 2 },
      { path: b(), weight: 1, columns: { prompt: "q" } },
    ]);
  });

  it("that are wrong are all reported", () => {
    expect(mistakes({ dataset: [a(), "none.csv", { path: b(), split: "half" }] })).toEqual([
      expect.stringMatching(/^dataset: none\.csv does not exist/),
      expect.stringMatching(/^dataset: found the split "half" of F\/b\.csv, but needs train, valid or test/),
    ]);
    expect(mistakes({ dataset: { path: a(), split: "train" } })).toEqual([
      expect.stringMatching(/a\.jsonl is a file, which has no splits\. Remove split/),
    ]);
    expect(mistakes({ dataset: { path: join(folder, "*.jsonl"), split: "test" } })).toEqual([
      expect.stringMatching(/\*\.jsonl names files, which have no splits\. Remove split/),
    ]);
    writeFileSync(join(folder, "c.json"), "x");
    expect(mistakes({ dataset: { path: join(folder, "c.json"), split: "test" } })).toEqual([]);
    expect(mistakes({ dataset: { path: a(), revision: "v1" } })).toEqual([
      expect.stringMatching(/a\.jsonl is a local path, and only data sets of the Hub have a revision/),
    ]);
    expect(mistakes({ dataset: [a(), { path: b(), weight: 2 }] })).toEqual([
      expect.stringMatching(/found a weight for 1 of 2 sources/),
    ]);
  });

  it.each([
    [
      { path: "a", wieght: 2 },
      /found the unknown wieght\. Did you mean weight\? Known are path, weight, split, name, revision and columns/,
    ],
    [{ path: "a", weight: 0 }, /found weight 0, but needs a number above 0/],
    [{ path: "a", weight: "two" }, /found weight "two", but needs a number above 0/],
    [{ path: "a", columns: { promt: "q" } }, /found the unknown promt in columns/],
    [[], /found \[\], but needs a path/],
    ["", /found no value/],
    [5, /found 5, but needs a path, an object/],
  ])("of %j are refused", (source, message) => {
    expect(mistakes({ dataset: source })).toEqual([expect.stringMatching(message)]);
    if (!Array.isArray(source))
      expect(mistakes({ dataset: [source] })).toEqual([expect.stringMatching(/found/)]);
  });
});

describe("evaluation rows", () => {
  it("are the split valid of the folder where none are named", () => {
    const dataset = join(folder, "set");
    const config = resolveTrainConfig({ ...base, dataset, evalStrategy: "epoch" });
    expect(config.evalDataset).toEqual([{ path: dataset, split: "valid" }]);
    expect(resolveTrainConfig(config)).toEqual(config);
    expect(resolveTrainConfig({ ...base, dataset }).evalDataset).toBeNull();
  });

  it("must be named for a file", () => {
    expect(mistakes({ dataset: join(folder, "a.jsonl"), evalStrategy: "epoch" })).toEqual([
      expect.stringMatching(/^evalStrategy: "epoch" needs rows to evaluate on/),
    ]);
  });
});

it("columns are named on the command line by pairs", async () => {
  const flags = [
    "--dataset",
    join(folder, "a.jsonl"),
    "--dataset_columns",
    "prompt=the question,completion=a",
  ];
  const others = Object.entries(base).flatMap(([key, value]) => [`--${key}`, value]);
  const { config } = (await resolveCommandLine(trainOptionSet, [...others, ...flags], []))!;
  expect(config.datasetColumns).toEqual({ prompt: "the question", completion: "a" });
});

it("dataset_num_proc is bounded by the processors", () => {
  expect(mistakes({ dataset: join(folder, "a.jsonl"), datasetNumProc: 4000 })).toEqual([
    expect.stringMatching(/^datasetNumProc: found 4000, but this process may use/),
  ]);
});
