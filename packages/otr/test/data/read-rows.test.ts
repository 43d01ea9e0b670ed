import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { countLines, type ParsedLine, parseLines, readBlocks } from "../../src/data/read-rows.js";
import { temporaryFolder } from "./byte-tokenizer.js";

/** All lines of a file, numbered as in the file. */
async function read(content: string | Uint8Array): Promise<ParsedLine[]> {
  const path = join(temporaryFolder(), "rows.jsonl");
  writeFileSync(path, content);
  const items: ParsedLine[] = [];
  let lines = 0;
  for await (const block of readBlocks(path)) {
    items.push(...[...parseLines(block)].map((item) => ({ ...item, line: lines + item.line })));
    lines += countLines(block);
  }
  return items;
}
const problemOf = (item: ParsedLine | undefined) => (item && "problem" in item ? item.problem : undefined);

describe("the lines of a file", () => {
  it("are numbered with the empty ones", async () => {
    expect(await read('\n{"a":1}\n\n{"a":2}')).toEqual([
      { line: 2, value: { a: 1 } },
      { line: 4, value: { a: 2 } },
    ]);
  });

  it("may be longer than what is read at once", async () => {
    const long = "é".repeat(2_000_000);
    const items = await read(`${JSON.stringify({ a: long })}\n{"a":1}\n`);
    expect(items).toEqual([
      { line: 1, value: { a: long } },
      { line: 2, value: { a: 1 } },
    ]);
  });

  it("come once each, in order, from a file of many blocks", async () => {
    const numbers = Array.from({ length: 60_000 }, (_, index) => index);
    const items = await read(numbers.map((index) => `{"number of the row":${index}}\r\n`).join(""));
    expect(items).toEqual(
      numbers.map((index) => ({ line: index + 1, value: { "number of the row": index } })),
    );
  });

  it.each([
    ["a cut-off object", '{"a": ', /is not valid JSON \(/],
    ["two objects in a line", '{"a":1}{"a":2}', /is not valid JSON/],
    ["null", "null", /holds null/],
    ["text", '"a"', /holds a string/],
    ["a number", "5", /holds a number/],
  ])("names the line of %s", async (_, line, message) => {
    const [, item] = await read(`{"a":1}\n${line}\n`);
    expect(item?.line).toBe(2);
    expect(problemOf(item)).toMatch(message);
  });

  it("names the line that is not UTF-8", async () => {
    const [item] = await read(Buffer.from('{"a":"\xe9"}\n', "latin1"));
    expect(item).toMatchObject({ line: 1, problem: expect.stringMatching(/UTF-8/), endsReading: true });
  });

  it("says once that a file is no text", async () => {
    const items = await read(Buffer.from('{"a":1}\n\xff\n\xff\n{"a":2}\n', "latin1"));
    expect(items.map((item) => problemOf(item) ?? "a row")).toEqual([
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
