import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { DatasetSource } from "../../src/config/dataset-sources.js";
import { describePlaces } from "../../src/data/describe-places.js";
import type { EncodingProgress } from "../../src/data/load-dataset.js";
import { type LoadSourcesOptions, loadSources } from "../../src/data/load-sources.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { chatModelFolder, temporaryFolder } from "./byte-tokenizer.js";

const source = (path: string, changes: Partial<DatasetSource> = {}): DatasetSource => ({
  path,
  weight: null,
  split: "train",
  namesSplit: false,
  name: null,
  revision: "main",
  columns: null,
  ...changes,
});

/** Loads sources and their rows as texts, those of texts without the end token. */
async function load(sources: readonly DatasetSource[], changes: Partial<LoadSourcesOptions> = {}) {
  const tokenizer = await loadTokenizer(chatModelFolder());
  const { rows, ...dataset } = await loadSources({
    sources,
    seed: 1,
    tokenizer,
    maxLength: 1024,
    truncationMode: "keep_start",
    completionOnlyLoss: null,
    assistantOnlyLoss: null,
    chatTemplatePath: null,
    ...changes,
  });
  const encoded = await rows.read(rows.lengths.keys());
  await rows.close();
  const texts = await Promise.all(encoded.map(({ inputIds }) => tokenizer.decode([...inputIds])));
  return {
    ...dataset,
    ids: encoded.map(({ id }) => id),
    texts: texts.map((text) => text.replace("<|im_end|>", "")),
  };
}

/** A folder of data files. */
function files(contents: Readonly<Record<string, string | Uint8Array>>): (name: string) => string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return (name) => join(folder, name);
}

const textRows = (name: string, count: number) =>
  Array.from({ length: count }, (_, row) => `{"text":"${name}${row}"}\n`).join("");

describe("one source", () => {
  it.each([
    ["rows.jsonl", '{"prompt":"a","completion":"1"}\n{"prompt":"b","completion":"2"}\n'],
    ["rows.json", '[{"prompt":"a","completion":"1"},\n{"prompt":"b","completion":"2"}]'],
    ["rows.csv", "prompt,completion\na,1\nb,2\n"],
    ["rows.tsv", "prompt\tcompletion\na\t1\nb\t2\n"],
    ["rows.csv.gz", gzipSync("prompt,completion\na,1\nb,2\n")],
    ["rows.txt", "a1\nb2\n"],
  ])("may be %s", async (name, content) => {
    const path = files({ [name]: content });
    const { texts, ids, notes, files: found } = await load([source(path(name))]);
    expect(texts).toEqual(["a1", "b2"]);
    expect(ids).toEqual([0, 1]);
    expect(found).toEqual([{ path: path(name), rows: 2 }]);
    const form =
      name === "rows.txt"
        ? "{text}; loss on all tokens"
        : "{prompt, completion} as text; loss on the completion";
    expect(notes).toEqual([`${name}: 2 rows of ${form}.`]);
  });

  it("may be several files of one form, whose rows follow each other", async () => {
    const path = files({
      "b.csv": "text\nb0\nb1\n",
      "a.jsonl": textRows("a", 2),
      "c.jsonl": '{"prompt":"p"}',
    });
    const { texts, ids, files: found, notes } = await load([source(path("[ab].*"))]);
    expect(texts).toEqual(["a0", "a1", "b0", "b1"]);
    expect(ids).toEqual([0, 1, 2, 3]);
    expect(notes[0]).toBe("a.jsonl and 1 more file: 4 rows of {text}; loss on all tokens.");
    expect(describePlaces(found, [0, 3, 1])).toBe(
      `rows 1, 2 of ${path("a.jsonl")}; row 2 of ${path("b.csv")}`,
    );
    await expect(load([source(path("*"))])).rejects.toMatchObject({
      code: "DATASET_ROWS",
      message: expect.stringMatching(/^\S+c\.jsonl:1: has "prompt" but no "completion"/),
    });
  });

  it("of which later files have another form is refused with both places", async () => {
    const path = files({ "a.jsonl": textRows("a", 2), "b.csv": "prompt,completion\np,c\n" });
    await expect(load([source(path("*"))])).rejects.toThrow(
      /b\.csv:2: is a row of \{prompt, completion\} as text, but \S+a\.jsonl:1 is one of \{text\}/,
    );
  });

  it("may be a split of a folder", async () => {
    const path = files({ "set/train.jsonl": textRows("t", 2), "set/validation.csv": "text\nv0\n" });
    expect((await load([source(path("set"))])).texts).toEqual(["t0", "t1"]);
    expect((await load([source(path("set"), { split: "valid" })])).texts).toEqual(["v0"]);
    await expect(load([source(path("set"), { split: "test" })])).rejects.toMatchObject({
      code: "DATASET_UNREADABLE",
      message: expect.stringMatching(/no file of the split test/),
    });
  });

  it("may have columns of other names", async () => {
    const path = files({ "rows.csv": "id,q,a\n1,x,y\n2,z,w\n" });
    const { texts, notes } = await load([
      source(path("rows.csv"), { columns: { prompt: "q", completion: "a" } }),
    ]);
    expect(texts).toEqual(["xy", "zw"]);
    expect(notes[1]).toBe("Columns not read: id.");
    await expect(load([source(path("rows.csv"), { columns: { text: "body" } })])).rejects.toThrow(
      /rows\.csv:2: has no column "body", which dataset_columns names as the text; it has id, q, a/,
    );
  });

  it("names the places of mistakes in the order of the file", async () => {
    const path = files({ "rows.csv": 'prompt,completion\na,1\n"b\nb",\nc\nd,4\n,5\n' });
    await expect(load([source(path("rows.csv"))])).rejects.toMatchObject({
      code: "DATASET_ROWS",
      message: expect.stringMatching(
        /rows\.csv:3: "completion" is empty.*\n.*rows\.csv:5: has 1 cell.*\n.*rows\.csv:7: "prompt" is empty/,
      ),
    });
  });

  it("names mistakes of rows together with what keeps the rest from being read", async () => {
    const path = files({ "rows.csv": 'prompt,completion\na,1,2\nb,"\n' });
    await expect(load([source(path("rows.csv"))])).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(
        /^\S+rows\.csv:2: has 3 cells.*\n\S+rows\.csv:3: a quoted cell .* is not closed/,
      ),
    });
  });

  it("leaves out questions without an answer, and counts them", async () => {
    const path = files({ "rows.csv": "question,answer\nq,\nr,a\n" });
    const { texts, summary, notes, ids } = await load([source(path("rows.csv"))]);
    expect(texts).toEqual(["<|im_start|>user\nr\n<|im_start|>assistant\na<|im_end|>\n"]);
    expect(ids).toEqual([1]);
    expect(summary).toMatchObject({ rows: 1, withoutAnswer: 1 });
    expect(notes).toEqual([
      "rows.csv: 1 row of {question, answer} as conversations; loss on the completion.",
      "1 row without an answer (or with an empty one, or none that is marked correct), left out.",
    ]);
    const none = files({ "rows.csv": "question,answer\nq,\n" });
    await expect(load([source(none("rows.csv"))])).rejects.toThrow(
      /no row of \S+rows\.csv can be learned: without an answer, or one that is marked correct: 1$/,
    );
  });

  it("may be a part of a document with splits, each of which the cache keeps apart", async () => {
    const long = (name: string) => Array.from({ length: 700 }, () => ({ text: name.repeat(1000) }));
    const path = files({ "rows.json": JSON.stringify({ train: long("a"), test: long("b") }) });
    const options = { cacheFolder: temporaryFolder(), maxLength: 2 };
    const first = (loaded: { texts: readonly string[] }) => [loaded.texts.length, loaded.texts[0]];
    const test = source(path("rows.json"), { split: "test", namesSplit: true });
    for (const _ of ["encoded", "cached"]) {
      expect(first(await load([source(path("rows.json"))], options))).toEqual([700, "aa"]);
      expect(first(await load([test], options))).toEqual([700, "bb"]);
    }
    await expect(load([source(path("rows.json"), { split: "valid" })])).rejects.toThrow(
      /it has train and test/,
    );
    const folder = files({ "test.json": '[{"text":"c"}]' });
    expect((await load([{ ...test, path: folder(".") }])).texts).toEqual(["c"]);
  });

  it("shows its first rows with what is trained, for training", async () => {
    const path = files({
      "rows.csv": `prompt,completion\na,1\n"${"long ".repeat(100)}\u001b[31m?","${"日本語 ".repeat(30)}"\n`,
    });
    const { notes } = await load([source(path("rows.csv"))], { purpose: "training" });
    expect(notes.slice(1)).toEqual([
      "The first rows, shortened, with what is trained between « and »:",
      "  1: a«1<|im_end|>»",
      "  2: long long long l…long \\u001b[31m?«日本語 日本語 日…本語 <|im_end|>»",
    ]);
    const text = files({ "rows.txt": "a" });
    expect((await load([source(text("rows.txt"))], { purpose: "training" })).notes.at(-1)).toBe(
      "  1: a«<|im_end|>»",
    );
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Yo" },
    ];
    const chat = files({ "rows.jsonl": JSON.stringify({ messages: [...messages, ...messages] }) });
    expect((await load([source(chat("rows.jsonl"))], { purpose: "training" })).notes.at(-1)).toBe(
      "  1: <|im_start|>user…art|>assistant\\n«Yo<|im_end|>» …",
    );
  });

  it("tells how far it is, and is kept for the next time if it is large", async () => {
    const path = files({ "a.jsonl": textRows("long ".repeat(100), 3000), "b.jsonl": textRows("b", 5) });
    const cacheFolder = temporaryFolder();
    const told: EncodingProgress[] = [];
    const onProgress = (progress: EncodingProgress) => told.push(progress);
    const options = { cacheFolder, onProgress, maxLength: 8 };
    const first = await load([source(path("*"))], options);
    expect(told.length).toBeGreaterThan(2);
    const { totalBytes } = told[0]!;
    expect(told.every(({ name }) => name === "a.jsonl and 1 more file")).toBe(true);
    expect(told.map(({ bytes }) => bytes)).toEqual(
      told.map(({ bytes }) => bytes).toSorted((one, other) => one - other),
    );
    expect(told.at(-1)!.bytes / totalBytes).toBeGreaterThan(0.9);
    expect(readdirSync(cacheFolder)).toHaveLength(1);
    told.length = 0;
    const second = await load([source(path("*"))], options);
    expect(told).toEqual([]);
    expect(second).toEqual(first);
    const other = await load([source(path("*"), { columns: { text: "text" } })], options);
    expect(other.fingerprint).toBe(first.fingerprint);
    expect(readdirSync(cacheFolder)).toHaveLength(2);
  });
});

describe("several sources", () => {
  const sets = () =>
    files({
      "a.jsonl": textRows("a", 10),
      "b.csv": `text\n${Array.from({ length: 30 }, (_, row) => `b${row}\n`).join("")}`,
    });

  it("follow each other without weights, and may be of different forms", async () => {
    const path = files({ "a.jsonl": textRows("a", 2), "b.csv": "prompt,completion\np,c\n" });
    const {
      texts,
      ids,
      summary,
      files: found,
      notes,
    } = await load([source(path("a.jsonl")), source(path("b.csv"))]);
    expect(texts).toEqual(["a0", "a1", "pc"]);
    expect(ids).toEqual([0, 1, 2]);
    expect(summary).toMatchObject({ rows: 3, tokens: 9, supervisedTokens: 6 });
    expect(found.map(({ rows }) => rows)).toEqual([2, 1]);
    expect(notes).toEqual([
      "a.jsonl: 2 rows of {text}; loss on all tokens.",
      "b.csv: 1 row of {prompt, completion} as text; loss on the completion.",
    ]);
  });

  it("are counted as they are drawn, and beside that as they lie in the files", async () => {
    const path = files({ "a.jsonl": textRows("a", 2), "b.jsonl": textRows("bbbbbbbbbbbb", 6) });
    const weighted = [source(path("a.jsonl"), { weight: 1 }), source(path("b.jsonl"), { weight: 1 })];
    const { summary } = await load(weighted, { maxLength: 8 });
    expect(summary).toMatchObject({ rows: 4, usableRows: 8, truncated: 6, tokens: 2 * 3 + 2 * 8 });
  });

  it("are mixed by weight without a row coming twice", async () => {
    const path = sets();
    const mixed = (a: number, b: number, seed = 1) =>
      load([source(path("a.jsonl"), { weight: a }), source(path("b.csv"), { weight: b })], { seed });
    const { texts, ids, summary, notes } = await mixed(1, 1);
    expect(texts.filter((text) => text.startsWith("a"))).toHaveLength(10);
    expect(new Set(texts).size).toBe(20);
    expect(texts.map((text, at) => [text, ids[at]])).toEqual(
      texts.map((text) => [text, Number(text.slice(1)) + (text.startsWith("b") ? 10 : 0)]),
    );
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    const tokens = texts.reduce((sum, text) => sum + text.length + 1, 0);
    expect(summary).toMatchObject({ rows: 20, tokens, supervisedTokens: tokens - 20 });
    expect(notes.at(-1)).toBe(
      "Mixed by weight: 10 of 10 rows of a.jsonl (weight 1), 10 of 30 rows of b.csv (weight 1). The others are not seen in this run.",
    );
    expect((await mixed(5, 5)).texts).toEqual(texts);
    expect((await mixed(1, 1, 2)).texts).not.toEqual(texts);
    expect((await mixed(1, 9)).summary.rows).toBe(33);
  });

  it("leave nothing open when one cannot be read", async () => {
    const path = sets();
    await expect(load([source(path("a.jsonl")), source(path("none.csv"))])).rejects.toMatchObject({
      code: "DATASET_UNREADABLE",
    });
  });
});
