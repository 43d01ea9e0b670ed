/** @file A process decodes Parquet and runs compiled code: `npx tsc -b` comes first. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BINARY } from "../../../src/data/row-forms/column-values.js";
import { parquet } from "../../../dist/data/formats/parquet.js";
import { readAll, readContent } from "./read-format.js";

const reference = (name: string) => fileURLToPath(new URL(`../../references/rows/${name}`, import.meta.url));
const parsed = (name: string): Record<string, unknown>[] => JSON.parse(readFileSync(reference(name), "utf8"));

describe("what pyarrow writes", () => {
  it.each(["none", "snappy", "gzip", "brotli", "zstd", "lz4", "v2", "large-strings"])(
    "is read with %s",
    async (name) => {
      const rows = await readAll(parquet, reference(`rows-${name}.parquet`));
      expect(rows.map(({ row }) => row)).toEqual(parsed("rows.json"));
      expect(rows.map(({ place }) => place)).toEqual(rows.map((_, at) => ` row ${at + 1}`));
    },
  );

  it("may hold lists of structures, nulls, large whole numbers and bytes", async () => {
    const rows = await readAll(parquet, reference("messages.parquet"));
    // Bytes that are no text are told apart from nothing, in case the column is to be read.
    const expected = parsed("messages.json").map((row) => ({ ...row, image: { [BINARY]: true } }));
    expect(rows.map(({ row }) => row)).toEqual(expected);
  });

  it("hands on every byte of the file, in order", async () => {
    const hash = createHash("sha256");
    const path = reference("rows-large-strings.parquet");
    for await (const _ of parquet.read(path, (bytes) => hash.update(bytes)));
    expect(hash.digest("hex")).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
  });
});

describe("a file that cannot be read", () => {
  const whole = readFileSync(reference("rows-snappy.parquet"));
  const damaged = (file: Buffer, start: number, count: number) =>
    Buffer.from(file).fill(0xff, start, start + count);
  it.each([
    [
      "cut short",
      whole.subarray(0, whole.length - 1000),
      /cannot be decoded \(it does not end with PAR1\).*cut short/,
    ],
    ["cut to nothing", whole.subarray(0, 10), /fewer than 12 bytes/],
    ["no Parquet", Buffer.from("a,b\n1,2\n3,4\n5,6\n"), /does not start with PAR1/],
    [
      "damaged where its columns are described",
      damaged(whole, whole.length - 8 - whole.readUInt32LE(whole.length - 8), 40),
      /\(the description of its columns (makes no sense|cannot be read: [ -~]+)\); it is damaged/,
    ],
    [
      "damaged in its rows",
      damaged(whole, 4, 200),
      /\(row group 1 (makes no sense|cannot be read: [ -~]+)\); it is/,
    ],
    [
      "encrypted",
      Buffer.concat([Buffer.from("PARE"), whole.subarray(4, -4), Buffer.from("PARE")]),
      /is encrypted/,
    ],
    [
      "given a footer larger than itself",
      Buffer.concat([whole.subarray(0, -8), Buffer.from([0xff, 0xff, 0xff, 0x7f]), Buffer.from("PAR1")]),
      /has a footer of 2147483647 bytes/,
    ],
  ])("is named when %s", async (_, content, message) => {
    await expect(readContent(parquet, content)).rejects.toMatchObject({
      code: "DATASET_FORMAT",
      message: expect.stringMatching(message),
    });
  });

  it("is named when it is not there, or a folder", async () => {
    for (const path of ["/nowhere.parquet", "/tmp"]) {
      await expect(readAll(parquet, path)).rejects.toMatchObject({ code: "DATASET_UNREADABLE" });
    }
  });
});
