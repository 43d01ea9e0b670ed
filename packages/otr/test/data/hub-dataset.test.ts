import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fetchHubDataset, type HubDataset, type HubSelection } from "../../src/data/hub-dataset.js";
import { loadSources } from "../../src/data/load-sources.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { openHubDataset } from "../../src/hub/open-hub-dataset.js";
import { FakeHub } from "../hub/fake-hub.js";
import { chatModelFolder, temporaryFolder } from "./byte-tokenizer.js";

/** A repository with these files, whose download is a write into a folder. */
function repository(files: Readonly<Record<string, string>>): HubDataset {
  const folder = temporaryFolder();
  return {
    paths: Object.keys(files),
    notes: [],
    async fetch(paths) {
      return paths.map((path) => {
        const local = join(folder, path);
        mkdirSync(dirname(local), { recursive: true });
        writeFileSync(local, files[path]!);
        return local;
      });
    },
  };
}

/** The files of a selection, by their paths in the repository. */
async function choose(files: Readonly<Record<string, string>>, selection: Partial<HubSelection> = {}) {
  const asked: string[] = [];
  const dataset = repository(files);
  const whole = { id: "org/name", revision: "main", name: null, split: "train", ...selection } as const;
  await fetchHubDataset(whole, async (id, revision) => {
    asked.push(`${id} ${revision}`);
    return {
      paths: dataset.paths,
      notes: [],
      fetch(paths) {
        asked.push(...paths);
        return dataset.fetch(paths);
      },
    };
  });
  return asked.filter((path) => path !== "README.md");
}

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "x"]));

const CARD = `---
license: mit
configs:
- config_name: main
  data_files:
  - split: train
    path: main/train-*
  - split: test
    path: main/test-*
- config_name: socratic
  data_files:
  - split: train
    path:
    - socratic/**
---
# GSM8K
`;
const GSM8K = {
  "README.md": CARD,
  ...files("main/train-00000-of-00001.parquet", "main/test-00000-of-00001.parquet", "socratic/a/b.parquet"),
};

describe("the files of a Hub data set", () => {
  it("are those that its card names", async () => {
    expect(await choose(GSM8K, { name: "main", revision: "v1" })).toEqual([
      "org/name v1",
      "main/train-00000-of-00001.parquet",
    ]);
    expect((await choose(GSM8K, { name: "main", split: "test" })).at(-1)).toBe(
      "main/test-00000-of-00001.parquet",
    );
    expect((await choose(GSM8K, { name: "socratic" })).at(-1)).toBe("socratic/a/b.parquet");
  });

  it.each([
    [{}, /has several subsets; name one of main or socratic/],
    [{ name: "socratik" }, /has no subset socratik; did you mean socratic\?/],
    [
      { name: "socratic", split: "test" },
      /has no files of the split test in the subset socratic; it has train/,
    ],
  ] as const)("are an error for %j", async (selection, message) => {
    await expect(choose(GSM8K, selection)).rejects.toMatchObject({
      code: "HUB_DATASET_FILES",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      "data/train-00000-of-00002.parquet",
      "data/train-00001-of-00002.parquet",
      "data/test-00000-of-00001.parquet",
    ],
    ["train/0000.parquet", "train/0001.parquet", "validation/0000.parquet"],
    ["train.jsonl", "train_more.jsonl", "dev.jsonl"],
  ])("are those whose names tell, without a card", async (...names) => {
    expect((await choose(files(...names, "LICENSE"))).slice(1)).toEqual(names.slice(0, 2));
  });

  it("are all for training where no name tells, and those of a subset's folder", async () => {
    expect((await choose(files("a.csv", "b.csv", "script.py"))).slice(1)).toEqual(["a.csv", "b.csv"]);
    const subsets = files("en/train.jsonl", "fr/train.jsonl");
    expect((await choose(subsets, { name: "fr" })).slice(1)).toEqual(["fr/train.jsonl"]);
  });

  it("are not looked for by a pattern that would take for ever", async () => {
    const card = `---\nconfigs:\n- config_name: a\n  data_files: "${"**/".repeat(20)}x"\n---\n`;
    const path = `${"a/".repeat(200)}train.csv`;
    await expect(choose({ "README.md": card, [path]: "x" })).rejects.toThrow(/a pattern with too many \*/);
  });

  it("are an error where there are none", async () => {
    await expect(choose(files("script.py", "README.txt.md"))).rejects.toThrow(/refs\/convert\/parquet/);
    await expect(choose(files("train.csv"), { split: "valid" })).rejects.toThrow(
      /no files of the split valid/,
    );
    await expect(
      choose({ "README.md": "---\nconfigs: {[\n---", ...files("train.csv") }),
    ).resolves.toBeDefined();
  });
});

it("a source may be a Hub data set where there is a way to open one", async () => {
  const { rows, notes } = await loadSources({
    sources: [
      {
        path: "org/name",
        weight: null,
        split: "train",
        namesSplit: false,
        name: null,
        revision: "v2",
        columns: null,
      },
    ],
    seed: 1,
    tokenizer: await loadTokenizer(chatModelFolder()),
    maxLength: 8,
    truncationMode: "error",
    completionOnlyLoss: null,
    assistantOnlyLoss: null,
    chatTemplatePath: null,
    openHubDataset: async (id, revision) => {
      expect([id, revision]).toEqual(["org/name", "v2"]);
      return repository({ "data/train.csv": "text\na\nb\n" });
    },
  });
  expect(rows.length).toBe(2);
  expect(notes).toEqual(["train.csv: 2 rows of {text}; loss on all tokens."]);
  await rows.close();
});

it("a source may be a data set of the Hub itself", async () => {
  const hub = await FakeHub.start();
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await hub.stop();
  });
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", "");
  hub.add(
    "org/rows",
    { "README.md": CARD, "main/train-0.csv": "question,answer\nq,a\n", "main/test-0.csv": "x" },
    "dataset",
  );
  const { rows, files: found } = await loadSources({
    sources: [
      {
        path: "org/rows",
        weight: null,
        split: "train",
        namesSplit: false,
        name: "main",
        revision: "main",
        columns: null,
      },
    ],
    seed: 1,
    tokenizer: await loadTokenizer(chatModelFolder()),
    maxLength: 100,
    truncationMode: "error",
    completionOnlyLoss: null,
    assistantOnlyLoss: null,
    chatTemplatePath: null,
    openHubDataset,
  });
  await rows.close();
  expect(found).toEqual([
    { path: expect.stringMatching(/datasets--org--rows.*main\/train-0\.csv$/), rows: 1 },
  ]);
  expect(hub.requests(/resolve/)).toHaveLength(2);
});
