import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { jsonl } from "../../../src/data/formats/jsonl.js";
import { type ParsedLine, parseLines } from "../../../src/data/read-rows.js";
import { temporaryFolder } from "../byte-tokenizer.js";
import { readAll } from "./read-format.js";

/** All lines of a file, numbered as in the file. */
async function read(content: string | Uint8Array, name = "rows.jsonl"): Promise<ParsedLine[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const items: ParsedLine[] = [];
  for await (const { lines, placeOf } of jsonl.read(path, () => {})) {
    const lineOf = (line: number) => Number(placeOf(line).slice(path.length + 1));
    items.push(...[...parseLines(lines)].map((item) => ({ ...item, line: lineOf(item.line) })));
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
    ["a dictionary of Python", "{'a': 1}", /texts in double quotes \(Python: json\.dumps\)/],
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
    ["a JSON array", '[\n{"a":1},\n{"a":2}\n]', /one JSON array; let its name end with \.json$/],
    ["a JSON array in one line", '[{"a":1},{"a":2}]', /one JSON array/],
    ["an indented document", '{\n  "a": 1\n}', /one JSON document over several lines/],
    ["gzip", gzipSync('{"a":1}\n'), /gzip; let its name end with \.gz/],
    [
      "zeros without end",
      Buffer.alloc(70 << 20),
      /rows\.jsonl:1: has more than 64 MiB without the end of a line/,
    ],
    [
      "a row of 100 MB",
      `{"a":1}\n{"a":"${"x".repeat(100_000_000)}"}\n`,
      /rows\.jsonl:2: has more than 64 MiB/,
    ],
    ["Parquet", "PAR1\x15\x04", /Parquet/],
  ])("says so when the file is %s", async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });
});

describe("a file whose name ends with .gz", () => {
  const rows = Array.from({ length: 60_000 }, (_, row) => `{"row":${row}}\n`).join("");
  const compressed = gzipSync(rows);

  it("is decompressed while it is read", async () => {
    const items = await read(compressed, "rows.jsonl.gz");
    expect(items).toHaveLength(60_000);
    expect(items.at(-1)).toEqual({ line: 60_000, value: { row: 59_999 } });
  });

  it.each([
    ["cut short", compressed.subarray(0, compressed.length - 100)],
    ["damaged", Buffer.concat([compressed.subarray(0, 1000), Buffer.alloc(1000), compressed.subarray(2000)])],
    ["not compressed", Buffer.from(rows)],
  ])("is refused when it is %s", async (_, content) => {
    await expect(read(content, "rows.jsonl.gz")).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(
        /rows\.jsonl\.gz cannot be decompressed \(.*\); it is damaged, cut short or no gzip/,
      ),
    });
  });

  it("may be left in the middle", async () => {
    const path = join(temporaryFolder(), "rows.jsonl.gz");
    writeFileSync(path, compressed);
    for await (const _ of jsonl.read(path, () => {})) break;
    await expect(readAll(jsonl, join(path, "none.gz"))).rejects.toMatchObject({ code: "DATASET_UNREADABLE" });
  });
});
