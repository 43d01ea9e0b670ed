/** @file Thousands of damaged data files, each of which must be read or be an error, in time and within memory. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parquet } from "../../dist/data/formats/parquet.js";
import { csv, tsv } from "../../src/data/formats/csv.js";
import { json } from "../../src/data/formats/json.js";
import { jsonl } from "../../src/data/formats/jsonl.js";
import { readMutations } from "../data/formats/mutations.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-damaged-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const reference = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../references/rows/${name}`, import.meta.url)));

it.each([
  ["rows.csv", csv, 3000],
  ["rows.tsv", tsv, 3000],
  ["rows.json", json, 3000],
  ["rows.jsonl", jsonl, 3000],
  ["messages.json", json, 3000],
  ["rows-none.parquet", parquet, 60],
  ["rows-zstd.parquet", parquet, 60],
  ["rows-v2.parquet", parquet, 60],
  ["messages.parquet", parquet, 60],
])("%s", async (name, format, cases) => {
  await readMutations(format, reference(name), { cases, seed: 11, folder });
  expect(process.memoryUsage.rss()).toBeLessThan(2 ** 31);
});

it("a Parquet file that would fill the memory is an error", async () => {
  const path = fileURLToPath(new URL("../references/rows/hostile-run.parquet", import.meta.url));
  const read = async () => {
    for await (const _ of parquet.read(path, () => {}));
  };
  await expect(read()).rejects.toMatchObject({
    code: "DATASET_FORMAT",
    message: expect.stringMatching(/hostile-run\.parquet needs more than 513 MiB of memory; it is damaged/),
  });
});
