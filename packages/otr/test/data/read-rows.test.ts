import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type RowOrProblem, readRows } from "../../src/data/read-rows.js";
import { temporaryFolder } from "./byte-tokenizer.js";

async function read(content: string | Uint8Array): Promise<RowOrProblem[]> {
  const path = join(temporaryFolder(), "rows.jsonl");
  writeFileSync(path, content);
  const items: RowOrProblem[] = [];
  for await (const item of readRows(path)) items.push(item);
  return items;
}
const problemOf = (item: RowOrProblem | undefined) => (item && "problem" in item ? item.problem : undefined);

describe("readRows", () => {
  it("numbers rows without the empty lines, and lines with them", async () => {
    expect(await read('\n{"a":1}\n\n{"a":2}')).toEqual([
      { row: { id: 0, line: 2, value: { a: 1 } } },
      { row: { id: 1, line: 4, value: { a: 2 } } },
    ]);
  });

  it("reads lines that are longer than what is read at once", async () => {
    const long = "é".repeat(2_000_000);
    const items = await read(`${JSON.stringify({ a: long })}\n{"a":1}\n`);
    expect(items).toEqual([
      { row: { id: 0, line: 1, value: { a: long } } },
      { row: { id: 1, line: 2, value: { a: 1 } } },
    ]);
  });

  it.each([
    ["a cut-off object", '{"a": ', /is not valid JSON \(/],
    ["two objects in a line", '{"a":1}{"a":2}', /is not valid JSON/],
    ["null", "null", /holds null/],
    ["text", '"a"', /holds a string/],
    ["a number", "5", /holds a number/],
  ])("names the line of %s", async (_, line, message) => {
    const problem = problemOf((await read(`{"a":1}\n${line}\n`))[1]);
    expect(problem?.where).toMatch(/rows.jsonl:2$/);
    expect(problem?.message).toMatch(message);
  });

  it("names the line that is not UTF-8", async () => {
    const problem = problemOf((await read(Buffer.from('{"a":"\xe9"}\n', "latin1")))[0]);
    expect(problem).toMatchObject({
      where: expect.stringMatching(/:1$/),
      message: expect.stringMatching(/UTF-8/),
    });
  });

  it("says once that a file is no text", async () => {
    const items = await read(Buffer.from('{"a":1}\n\xff\n\xff\n{"a":2}\n', "latin1"));
    expect(items.map((item) => problemOf(item)?.message ?? "a row")).toEqual([
      "a row",
      expect.stringMatching(/UTF-8 .*reading stopped/),
    ]);
  });

  it.each([
    [
      "a JSON array",
      '[\n{"a":1},\n{"a":2}\n]',
      /one JSON array.*jq -c '\.\[\]' .*rows\.jsonl > rows-lines\.jsonl$/,
    ],
    ["a JSON array in one line", '[{"a":1},{"a":2}]', /one JSON array.*jq/],
    ["an indented document", '{\n  "a": 1\n}', /one JSON document over several lines/],
    ["gzip", gzipSync('{"a":1}\n'), /gzip -d/],
    ["zeros without end", Buffer.alloc(70 << 20), /more than 64 MiB without the end of a line/],
    ["Parquet", "PAR1\x15\x04", /Parquet/],
  ])("says so when the file is %s", async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });
});
