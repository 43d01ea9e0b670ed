import { describe, expect, it } from "vitest";
import type { Split } from "../../../src/config/data-files.js";
import { json } from "../../../src/data/formats/json.js";
import { readContent } from "./read-format.js";

const rowsOf = async (content: string | Uint8Array) =>
  (await readContent(json, content)).map(({ row }) => row);

describe("a JSON file", () => {
  it.each([
    ["a list", '[{"a":1},{"a":{"b":[1,"]"]}}]'],
    ["a list over several lines", '\n[\n  {\n    "a": 1\n  },\n  {"a": {"b": [1, "]"]}}\n]\n'],
    ["a list with a byte order mark and CRLF", '\uFEFF[\r\n{"a":1},\r\n{"a":{"b":[1,"]"]}}\r\n]\r\n'],
    [
      "an object with a list",
      '{"version": "1", "tags": ["x"], "data": [{"a":1},{"a":{"b":[1,"]"]}}], "more": {"n": []}}',
    ],
    ["JSON lines", '{"a":1}\n{"a":{"b":[1,"]"]}}\n'],
  ])("may be %s", async (_, content) => {
    expect(await rowsOf(content)).toEqual([{ a: 1 }, { a: { b: [1, "]"] } }]);
  });

  it("of one line with a known column is a row, and otherwise a document", async () => {
    expect(await rowsOf('{"messages":[{"role":"user"}]}')).toEqual([{ messages: [{ role: "user" }] }]);
    expect(await rowsOf('{"rows":[{"role":"user"}]}')).toEqual([{ role: "user" }]);
  });

  it("has rows that know their lines, and keeps escapes", async () => {
    expect(await readContent(json, '[\n{"a":\n"x\\n\\"\\\\"},\n\n{"a":"é\\u00e9"}]')).toEqual([
      { place: ":2", row: { a: 'x\n"\\' } },
      { place: ":5", row: { a: "éé" } },
    ]);
  });

  it("may be larger than what is read at once, in one line", async () => {
    const rows = Array.from({ length: 30_000 }, (_, at) => ({ text: `row ${at} é, with "quotes"` }));
    expect(await rowsOf(JSON.stringify(rows))).toEqual(rows);
    expect(await rowsOf(JSON.stringify({ data: rows }))).toEqual(rows);
  });

  it("may have no rows", async () => {
    expect(await rowsOf("[]")).toEqual([]);
    expect(await rowsOf(" \n ")).toEqual([]);
  });

  it("reports rows that are no objects with their lines", async () => {
    expect(await readContent(json, '[\n{"a":1}\n,\n5,\n{"a" 1}, "x"]')).toEqual([
      { place: ":2", row: { a: 1 } },
      { place: ":4", row: expect.stringMatching(/^holds a number/) },
      { place: ":5", row: expect.stringMatching(/^is not valid JSON/) },
      { place: ":5", row: expect.stringMatching(/^holds a string/) },
    ]);
    const [row] = await readContent(json, Buffer.from('[{"a":"\xe9"}]', "latin1"));
    expect(row).toEqual({ place: ":1", row: expect.stringMatching(/^is not UTF-8/) });
  });

  it.each([
    ["that is cut short", '[{"a":1},\n{"a":2}', /:2: ends in the middle/],
    ["that is cut in a text", '[{"a":1},\n{"a":"', /:2: ends in the middle/],
    ["with text behind its end", '[{"a":1}]\nx', /:2: is not valid JSON around its rows/],
    ["with a comma too many", '[{"a":1},]', /:1: has a comma without a row/],
    ["with two commas", '[{"a":1},,{"a":1}]', /:1: has a comma without a row/],
    ["with a line end in a text", '[{"a":"x\ny"}]', /:2: has a line end inside of a text/],
    ["of one object", '{\n"a": 1\n}', /:3: has no list of rows/],
    ["with two lists of rows", '{\n"a": [{}],\n"b": [{}]}', /:3: starts a second list of rows/],
    ["that closes too much", '[{"a":1}]]', /closes more than it opens/],
    ["nested a million deep", `[${"[".repeat(1_000_000)}`, /:1: is nested deeper than 500/],
    ["that is text", "hello", /:1: begins with "hello", and a JSON document with \[ or \{; .*\.txt$/],
    ["that is CSV", "\n\uFEFFprompt,completion\r\na,b\n", /:2: begins with "prompt,completion", and .*\.csv/],
  ])("%s is refused", async (_, content, message) => {
    await expect(rowsOf(content)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });

  it("with a row of 100 MB is refused with its line", async () => {
    const huge = `[\n{"a":1},\n{"text":"${"x".repeat(100_000_000)}"}]`;
    await expect(rowsOf(huge)).rejects.toMatchObject({
      message: expect.stringMatching(/:3: starts a row of more than 64 MiB/),
    });
  });
});

describe("a JSON document with splits", () => {
  const document = `{
"meta": {"tags": ["x"]},
"train": [{"a":1},{"a":[{"test":[{}]}]}],
"validation": [],
"test": [
  {"a":"]"}
]}`;
  const rowsIn = async (name: Split, content = document, isNamed = false) =>
    (await readContent(json, content, { split: { name, isNamed } })).map(({ row }) => row);

  it("hands out the rows of the one that is wanted", async () => {
    expect(await rowsIn("train")).toEqual([{ a: 1 }, { a: [{ test: [{}] }] }]);
    expect(await rowsIn("valid", document, true)).toEqual([]);
    expect(await readContent(json, document, { split: { name: "test", isNamed: true } })).toEqual([
      { place: ":6", row: { a: "]" } },
    ]);
    expect(await rowsIn("train", JSON.stringify({ test: [{ a: 1 }], training: [{ a: 2 }] }))).toEqual([
      { a: 2 },
    ]);
  });

  it.each<[string, Split, string, boolean, RegExp]>([
    [
      "lacks the one",
      "valid",
      '{"train":[{}],"test":[{}]}',
      false,
      /has no split valid; it has train and test: name one \(path=FILE,split=train\)/,
    ],
    [
      "has none though one is named",
      "test",
      '{"data":[{}]}',
      true,
      /has no splits, so that test cannot be told/,
    ],
    ["is a list though one is named", "test", "[{}]", true, /has no splits/],
    [
      "has lines though one is named",
      "test",
      '{"text":"a"}\n{"text":"b"}\n',
      true,
      /holds JSON lines, which have no/,
    ],
    ["has one twice", "valid", '{"valid":[{}],"dev":[{}]}', false, /holds the split valid twice/],
    [
      "has another list beside it",
      "train",
      '{"train":[{}],"rows":[{}]}',
      false,
      /a second list of rows, "rows"/,
    ],
    ["has a list before it", "train", '{"rows":[{}],"train":[{}]}', false, /a second list of rows, "train"/],
    ["is broken in another", "train", '{"train":[{}],"test":[{},,{}]}', false, /has a comma without a row/],
  ])("is refused where it %s", async (_, split, content, isNamed, message) => {
    await expect(rowsIn(split, content, isNamed)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });
});
