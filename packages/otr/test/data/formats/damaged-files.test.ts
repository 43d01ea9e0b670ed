/** @file Damaged files are an error or are read; `test/slow/damaged-files.slow.ts` tries many more. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parquet } from "../../../dist/data/formats/parquet.js";
import { CsvRecords } from "../../../src/data/formats/csv-records.js";
import { csv, tsv } from "../../../src/data/formats/csv.js";
import { JsonRows } from "../../../src/data/formats/json-rows.js";
import { json } from "../../../src/data/formats/json.js";
import { jsonl } from "../../../src/data/formats/jsonl.js";
import { text } from "../../../src/data/formats/text.js";
import { temporaryFolder } from "../byte-tokenizer.js";
import { TRAIN_SPLIT } from "../../../src/data/formats/data-format.js";
import { draws, readMutations } from "./mutations.js";

const reference = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../references/rows/${name}`, import.meta.url)));

describe("damaged copies of", () => {
  it.each([
    ["rows.csv", csv, 400],
    ["rows.tsv", tsv, 400],
    ["rows.json", json, 400],
    ["rows.jsonl", jsonl, 400],
    ["rows.jsonl", text, 200],
    ["rows-snappy.parquet", parquet, 12],
  ])("%s are errors or rows", async (name, format, cases) => {
    await readMutations(format, reference(name), { cases, seed: 1, folder: temporaryFolder() });
  });
});

it("damaged copies of a JSON document with splits are errors or rows", async () => {
  const row = '{"prompt":"a","completion":"b"}';
  const whole = Buffer.from(`{"meta":["x"],"test":[${row},${row}],"train":[${row}],"valid":[]}`);
  const readable = await readMutations(json, whole, { cases: 600, seed: 2, folder: temporaryFolder() });
  expect(readable).toBeGreaterThan(20);
});

it("CSV is the same wherever its blocks end", () => {
  const draw = draws(2);
  const whole = reference("rows.csv").toString("utf8");
  const expected = [...new CsvRecords(",").push(whole)];
  const lines = whole.split(/(?<=\n)/);
  for (let round = 0; round < 100; round++) {
    const records = new CsvRecords(",");
    const found = [];
    for (let at = 0; at < lines.length; ) {
      const end = at + 1 + draw(20);
      found.push(...records.push(lines.slice(at, end).join("")));
      at = end;
    }
    expect(found).toEqual(expected);
  }
});

it("JSON is the same wherever its pieces end, with splits too", () => {
  const draw = draws(3);
  const list = reference("rows.json");
  const [test, train, end] = ['{"test": [{"a": 1}, {}], "train": ', ', "valid": []', "}"].map((text) =>
    Buffer.from(text),
  );
  const whole = Buffer.concat([test!, list, train!, end!]);
  const readIn = (pieceLength: () => number) => {
    const rows = new JsonRows(2 ** 20, TRAIN_SPLIT);
    const found: string[] = [];
    for (let at = 0; at < whole.length; ) {
      const end = at + pieceLength();
      for (const { json: row, line } of rows.push(whole.subarray(at, end))) found.push(`${line} ${row}`);
      at = end;
    }
    rows.finish();
    return found;
  };
  const expected = readIn(() => whole.length);
  expect(expected).toHaveLength(60);
  for (let round = 0; round < 50; round++) expect(readIn(() => 1 + draw(30))).toEqual(expected);
});
