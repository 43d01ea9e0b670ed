import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { csv, tsv } from "../../../src/data/formats/csv.js";
import { temporaryFolder } from "../byte-tokenizer.js";
import { readAll, readContent } from "./read-format.js";

const reference = (name: string) => fileURLToPath(new URL(`../../references/rows/${name}`, import.meta.url));
const expected: unknown[] = JSON.parse(readFileSync(reference("rows.json"), "utf8"));

it.each([
  [csv, "rows.csv"],
  [tsv, "rows.tsv"],
])("reads what Python's csv module writes", async (format, name) => {
  const rows = await readAll(format, reference(name));
  expect(rows.map(({ row }) => row)).toEqual(expected);
});

describe("a CSV file", () => {
  it("has rows that know the line at which they start", async () => {
    const rows = await readContent(csv, 'a,b\n"1\n\n1",2\n\n3,"4"\n');
    expect(rows).toEqual([
      { place: ":2", row: { a: "1\n\n1", b: "2" } },
      { place: ":6", row: { a: "3", b: "4" } },
    ]);
  });

  it.each([
    ["a byte order mark", "\uFEFFa,b\n1,2\n"],
    ["CRLF", "a,b\r\n1,2\r\n"],
    ["CRLF behind quotes", '"a","b"\r\n"1","2"\r\n'],
    ["no line end at its end", "a,b\n1,2"],
    ["a quoted cell at its end", 'a,b\n1,"2"'],
    ["empty lines", "\na,b\n\n \n1,2\n\n"],
  ])("may have %s", async (_, content) => {
    expect((await readContent(csv, content)).map(({ row }) => row)).toEqual([{ a: "1", b: "2" }]);
  });

  it("keeps empty cells, quotes within plain cells, and what only another separator would split", async () => {
    expect(
      (await readContent(csv, 'a,b\n,\n5" pipe,a "b"\nx\ty,"z, ""w"""\n')).map(({ row }) => row),
    ).toEqual([
      { a: "", b: "" },
      { a: '5" pipe', b: 'a "b"' },
      { a: "x\ty", b: 'z, "w"' },
    ]);
  });

  it("may have cells longer than what is read at once", async () => {
    const long = `${"é\n".repeat(400_000)}"end"`;
    const rows = await readContent(csv, `a,b\n1,"${long.replaceAll('"', '""')}"\n2,3\n`);
    expect(rows).toEqual([
      { place: ":2", row: { a: "1", b: long } },
      { place: ":400003", row: { a: "2", b: "3" } },
    ]);
  });

  it("reports rows that cannot be read one by one, and reads on", async () => {
    const rows = await readContent(csv, 'a,b\n1\n1,2,3\n"x"y,2\n1,2\r3\n1,2\n');
    expect(rows).toEqual([
      { place: ":2", row: expect.stringMatching(/^has 1 cell, but the header names 2 columns; .* comma/) },
      { place: ":3", row: expect.stringMatching(/^has 3 cells/) },
      { place: ":4", row: expect.stringMatching(/^has text behind a closing quote/) },
      { place: ":5", row: expect.stringMatching(/^holds a carriage return/) },
      { place: ":6", row: { a: "1", b: "2" } },
    ]);
  });

  it.each([
    ["a name twice", "a,b,a\n1,2,3\n", /:1: the header has two columns "a"/],
    ["no name", "a,,b\n1,2,3\n", /:1: the header has no name for column 2/],
    ["semicolons", "a;b\n1;2\n", /:1: the header is one column, "a;b"; separate the columns by commas/],
    ["an open quote", 'a,b\n1,2\n3,"4\n5,6\n', /:3: a quoted cell that starts here is not closed/],
    ["a NUL character", "a,b\n1,2\n3,\0\n", /:3: holds a NUL character/],
    ["bytes that are no UTF-8", Buffer.from("a,b\n1,2\n3,\xe9\n", "latin1"), /:3: is not UTF-8/],
    ["UTF-16", Buffer.from("a,b\n1,2\n", "utf16le"), /:1: holds a NUL character.*UTF-16/],
    ["a line without end", `a,b\n1,${"x".repeat(70 << 20)}`, /:2: has more than 64 MiB without the end/],
  ])("with %s is refused", async (_, content, message) => {
    await expect(readContent(csv, content)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });

  it("is not read to its end for a quote that stays open", async () => {
    const path = join(temporaryFolder(), "rows.csv");
    const content = `a,b\n1,"${`${"x".repeat(99)}\n`.repeat(750_000)}`;
    writeFileSync(path, content);
    let bytes = 0;
    const blocks = csv.read(path, (read) => {
      bytes += read.length;
    });
    await expect(blocks.next()).rejects.toThrow(/:2: a quoted cell .* not closed/);
    expect(bytes).toBeLessThan(70_000_000);
  });

  it("of many columns and rows takes time in proportion", async () => {
    const wide = `${Array.from({ length: 3000 }, (_, at) => `c${at}`).join(",")}\n${`${",".repeat(2999)}\n`.repeat(50)}`;
    expect(await readContent(csv, wide)).toHaveLength(50);
    const narrow = await readContent(csv, `a\n${"x\n".repeat(200_000)}`);
    expect(narrow).toHaveLength(200_000);
  });
});
