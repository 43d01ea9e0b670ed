import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  findDataFiles,
  formatOfFile,
  hasSplit,
  hubDatasetId,
  type Split,
} from "../../src/config/data-files.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "x\n");
  }
}

/** The files that are found, by their names in the folder; or what is wrong. */
function find(path: string, split: Split = "train"): readonly string[] | string {
  const found = findDataFiles(join(folder, path), split);
  if ("problem" in found) return found.problem.replaceAll(folder, "F");
  return found.files.map((file) => file.slice(folder.length + 1));
}

it("a name of the Hub with too many parts is told as one", () => {
  const found = findDataFiles("hf://a/b/c/d", "train");
  expect(found).toMatchObject({
    problem: expect.stringMatching(/^hf:\/\/a\/b\/c\/d names no data set of the Hub/),
  });
});

it.each([
  ["rows.jsonl", "jsonl"],
  ["rows.NDJSON", "jsonl"],
  ["rows.json.gz", "json"],
  ["a.b/rows.csv", "csv"],
  ["rows.tsv", "tsv"],
  ["rows.PARQUET", "parquet"],
  ["rows.txt", "text"],
  ["/dev/fd/63", "jsonl"],
  ["rows.gz", "jsonl"],
])("the format of %s is %s", (path, format) => {
  expect(formatOfFile(path)).toBe(format);
});

describe("a file", () => {
  it("is itself, whatever its name", () => {
    write("rows[1].csv");
    expect(find("rows[1].csv")).toEqual(["rows[1].csv"]);
  });

  it("may be a pipe, which is not opened", () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(find("pipe")).toEqual(["pipe"]);
  });

  it.each([
    ["rows.arrow", /is a \.arrow file, which is not read\. Write it as Parquet/],
    ["rows.jsonl.zst", /zstd -d/],
    ["rows.parquet.gz", /compressed twice/],
  ])("%s is refused", (name, message) => {
    write(name);
    expect(find(name)).toMatch(message);
  });

  it("is refused where it is empty or missing", () => {
    writeFileSync(join(folder, "rows.csv"), "");
    expect(find("rows.csv")).toMatch(/is empty/);
    expect(find("row.csv")).toBe("F/row.csv does not exist. Did you mean F/rows.csv?");
    expect(findDataFiles(`${folder}/rows.csv,${folder}/rows.csv`, "train")).toEqual({
      problem: expect.stringMatching(/ are several files\. Give each by itself: repeat the option/),
    });
  });
});

describe("a pattern", () => {
  it("is the files that match, in the order of their names", () => {
    write("b.jsonl", "a.jsonl", "c.csv", "deep/d.jsonl");
    symlinkSync(join(folder, "c.csv"), join(folder, "e.jsonl"));
    expect(find("*.jsonl")).toEqual(["a.jsonl", "b.jsonl", "e.jsonl"]);
    expect(find("**/*.{csv,jsonl}")).toEqual(["a.jsonl", "b.jsonl", "c.csv", "deep/d.jsonl", "e.jsonl"]);
  });

  it("that matches nothing, or a file that is not read, is refused", () => {
    write("a.arrow");
    expect(find("*.jsonl")).toBe(
      "no file matches F/*.jsonl. Give a pattern that matches files; F holds a.arrow.",
    );
    expect(find("none/*.jsonl")).toMatch(/^no file matches F\/none\/\*\.jsonl/);
    expect(find("*")).toMatch(/is a \.arrow file/);
  });
});

describe("a folder", () => {
  it.each([
    [["train.jsonl", "valid.jsonl", "test.csv", "README.md"], "train", ["train.jsonl"]],
    [["train.jsonl", "validation.parquet"], "valid", ["validation.parquet"]],
    [["dev.tsv.gz"], "valid", ["dev.tsv.gz"]],
    [["test.csv"], "test", ["test.csv"]],
    [["data/train-00000-of-00001.parquet"], "train", ["data/train-00000-of-00001.parquet"]],
    [
      ["train-00001-of-00002.parquet", "train-00000-of-00002.parquet"],
      "train",
      ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"],
    ],
  ] as const)("of %j has the split %s", (names, split, files) => {
    write(...names);
    expect(find("", split)).toEqual(files);
    expect(hasSplit(folder, split)).toBe(true);
  });

  it.each([
    [
      ["valid.jsonl", "test.jsonl"],
      /^F has no file of the split train .*; it has valid and test\. Name the split/,
    ],
    [["part1.jsonl"], /no file of the split train .*give the files themselves: F\/\*\.jsonl\.$/],
    [
      ["b.jsonl.gz", "a.csv", "c.jsonl", "d.csv"],
      /the files themselves: F\/\*\.csv, F\/\*\.jsonl or F\/\*\.jsonl\.gz\.$/,
    ],
    [["README.md"], /no data file at all/],
    [
      ["train.jsonl", "data/train.txt"],
      /^F holds F\/train\.jsonl and F\/data\/train\.txt, which both could be meant/,
    ],
    [["train.jsonl", "train.csv"], /F holds train\.csv and train\.jsonl, which all could be meant/],
    [["train-00000-of-00003.parquet", "train-00002-of-00003.parquet"], /lacks train-00001-of-00003\.parquet/],
  ] as const)("of %j is refused", (names, message) => {
    write(...names);
    expect(find("")).toMatch(message);
  });
});

it("an id of the Hub is one where no such path could be meant", () => {
  expect(hubDatasetId("openai/gsm8k")).toBe("openai/gsm8k");
  expect(hubDatasetId("hf://openai/gsm8k")).toBe("openai/gsm8k");
  for (const path of [
    "openai/gsm8k.jsonl",
    "./openai/gsm8k",
    "gsm8k",
    "data/*.csv",
    "packages/otr",
    "a/b/c",
  ]) {
    expect(hubDatasetId(path)).toBeNull();
  }
});
