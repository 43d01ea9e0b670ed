import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError } from "../../src/errors.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { tensorValues } from "../../src/gguf/read-tensor.js";
import { readDamaged, smallGguf } from "./damage.js";
import { reference } from "./references.js";
import { type GgufContent, text, uint64, value, writeGguf } from "./write-gguf.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const data = Float32Array.from({ length: 8 }, (_, index) => index);
const tensor = { name: "a.weight", dimensions: [4, 2], data };

function read(content: GgufContent | Buffer) {
  const path = join(folder, "file.gguf");
  if (Buffer.isBuffer(content)) writeFileSync(path, content);
  else writeGguf(path, content);
  return readGguf(path);
}

describe("readGguf", () => {
  it("reads metadata and places tensors", () => {
    const file = read({
      metadata: {
        number: value.uint32(7),
        negative: value.int32(-7),
        real: value.float32(0.5),
        yes: value.boolean(true),
        name: value.string("Zürich \ufeff"),
        names: value.strings(["", "b"]),
        same: value.int32s([3, 3]),
        scores: value.float32s([-1, 2]),
      },
      tensors: [tensor, { ...tensor, name: "b.weight" }],
    });
    const { metadata } = file;
    expect(metadata.number("number")).toBe(7);
    expect(metadata.number("negative")).toBe(-7);
    expect(metadata.number("real")).toBe(0.5);
    expect(metadata.boolean("yes")).toBe(true);
    expect(metadata.string("name")).toBe("Zürich \ufeff");
    expect(metadata.strings("names")).toEqual(["", "b"]);
    expect(metadata.number("same")).toBe(3);
    expect(metadata.numbers("scores")).toEqual([-1, 2]);
    expect(metadata.string("absent")).toBeNull();
    expect(() => metadata.requiredNumber("absent")).toThrow(/lacks the key absent/);
    expect(() => metadata.number("scores")).toThrow(/scores is a list, not one number/);
    expect(() => metadata.string("number")).toThrow(/value of number is 7, not a string/);
    const second = file.tensors.get("b.weight")!;
    expect(second.shape).toEqual([2, 4]);
    expect(tensorValues(second)).toEqual(data);
  });

  it("reads a model in several files, and asks for the first of them", () => {
    const parts = [1, 2, 3].map((number) => join(folder, `model-0000${number}-of-00003.gguf`));
    for (const [index, path] of parts.entries()) {
      const metadata = {
        "split.no": value.uint32(index),
        "split.count": value.uint32(3),
        "split.tensors.count": value.int32(3),
      };
      writeGguf(path, { metadata, tensors: [{ ...tensor, name: `t${index}.weight` }] });
    }
    const file = readGguf(parts[0]!);
    expect([...file.tensors.keys()]).toEqual(["t0.weight", "t1.weight", "t2.weight"]);
    expect(tensorValues(file.tensors.get("t2.weight")!)).toEqual(data);
    expect(() => readGguf(parts[1]!)).toThrow(/give the first of them, whose name ends with -00001-of-00003/);
    copyFileSync(parts[1]!, parts[2]!);
    expect(() => readGguf(parts[0]!)).toThrow(/t1.weight is in another part of the model too/);
    rmSync(parts[2]!);
    expect(() => readGguf(parts[0]!)).toThrow(/00003-of-00003.gguf: there is no such file/);
  });

  const huge = 2n ** 60n;
  const notUtf8 = { type: 8, bytes: Buffer.concat([uint64(2), Buffer.of(0xff, 0xfe)]) };
  it.each<[what: string, content: GgufContent | Buffer, message: RegExp]>([
    ["another magic", { magic: "GGML" }, /starts with "GGML" instead of "GGUF"/],
    ["nothing", Buffer.alloc(0), /the word GGUF at byte 0 takes 4 bytes, but the file has 0 more/],
    ["version 1", { version: 1 }, /GGUF version 1; versions 2 and 3 are read; convert the model again/],
    ["big-endian numbers", { version: 0x03000000 }, /its numbers are big-endian/],
    ["2^60 tensors", { tensorCount: huge }, /the number of tensors at byte 8 is 1152921504606846976/],
    [
      "2^50 tensors",
      { tensorCount: 2n ** 50n },
      /number of tensors at byte 8 is 1,125,899,906,842,624, more/,
    ],
    ["2^50 keys", { valueCount: 2n ** 50n }, /number of metadata keys at byte 16 is/],
    ["more keys than there are", { valueCount: 3 }, /the name of metadata key 1 at byte 24 is empty/],
    [
      "more tensors than there are",
      { metadata: { k: value.uint32(1) }, tensorCount: 9 },
      /the name of a tensor at byte 41 is empty/,
    ],
    [
      "a key twice",
      {
        metadata: [
          ["k", value.uint32(1)],
          ["k", value.uint32(1)],
        ],
      },
      /the key "k" twice/,
    ],
    ["an empty key", { metadata: { "": value.uint32(1) } }, /metadata key 1 at byte 24 is empty/],
    ["an unknown type", { metadata: { k: { type: 13, bytes: Buffer.alloc(8) } } }, /has type 13/],
    [
      "a list of lists",
      { metadata: { k: { type: 9, bytes: Buffer.concat([Buffer.of(9, 0, 0, 0), uint64(1)]) } } },
      /of type 9: neither numbers nor strings/,
    ],
    [
      "a string of 2^60 bytes",
      { metadata: { k: { type: 8, bytes: uint64(huge) } } },
      /length of the value of "k" at byte \d+ is/,
    ],
    [
      "a string beyond the end",
      { metadata: { k: { type: 8, bytes: uint64(2 ** 40) } } },
      /takes 1,099,511,627,776 bytes, but the file has/,
    ],
    [
      "a list beyond the end",
      { metadata: { k: { type: 9, bytes: Buffer.concat([Buffer.of(10, 0, 0, 0), uint64(2 ** 40)]) } } },
      /takes 8,796,093,022,208 bytes/,
    ],
    [
      "strings beyond the end",
      { metadata: { k: { type: 9, bytes: Buffer.concat([Buffer.of(8, 0, 0, 0), uint64(2 ** 50)]) } } },
      /the value of "k" at byte \d+ takes/,
    ],
    ["no dimension", { tensors: [{ ...tensor, dimensions: [] }] }, /has 0 dimensions; from 1 to 4/],
    ["five dimensions", { tensors: [{ ...tensor, dimensions: [1, 1, 1, 1, 1] }] }, /has 5 dimensions/],
    ["a dimension of 0", { tensors: [{ ...tensor, dimensions: [4, 0] }] }, /has the dimensions 4 x 0/],
    [
      "dimensions that overflow",
      { tensors: [{ ...tensor, dimensions: [2 ** 40, 2 ** 40] }] },
      /has the dimensions 1099511627776 x/,
    ],
    [
      "a tensor beyond the end",
      { tensors: [{ ...tensor, dimensions: [4, 3] }] },
      /takes 48 bytes from byte \d+ on, but the file ends at \d+: it is cut short/,
    ],
    ["an offset beyond the end", { tensors: [{ ...tensor, offset: 2n ** 52n }] }, /it is cut short/],
    [
      "an offset that is not aligned",
      { tensors: [{ ...tensor, offset: 8 }] },
      /has the offset 8, no multiple of 32/,
    ],
    [
      "tensors that overlap",
      { tensors: [tensor, { ...tensor, name: "b", offset: 0 }] },
      /overlaps the one before it/,
    ],
    ["a name twice", { tensors: [tensor, tensor] }, /two tensors of the name a.weight/],
    [
      "rows that are no blocks",
      { tensors: [{ ...tensor, type: 8 }] },
      /rows of 4 numbers, but Q8_0 stores them in blocks of 32/,
    ],
    [
      "a type that is not read",
      { tensors: [{ ...tensor, type: 23 }] },
      /is stored as IQ4_XS, which is not read; take the model in one of these types: F32, F16, Q4_0/,
    ],
    [
      "a type that does not exist",
      { tensors: [{ ...tensor, type: 99 }] },
      /is of type 99, which is not known/,
    ],
    ["an alignment of 3", { metadata: { "general.alignment": value.uint32(3) } }, /general.alignment is 3/],
    [
      "text that is no UTF-8 as an architecture",
      { metadata: { "split.count": notUtf8 } },
      /split.count is "\ufffd\ufffd", not/,
    ],
    ["bytes behind its first ones", text("GGUF").subarray(8), /the version at byte 4 takes 4 bytes/],
  ])("refuses a file with %s", (_, content, message) => {
    const reading = () => read(content);
    expect(reading).toThrow(DataError);
    expect(reading).toThrow(message);
    expect(reading).toThrow(/file\.gguf/);
  });

  it("says that there is no such file, or a folder", () => {
    expect(() => readGguf(join(folder, "absent.gguf"))).toThrow(/absent.gguf cannot be opened \(ENOENT/);
    expect(() => readGguf(folder)).toThrow(/is no file; give a GGUF file, or a model folder/);
  });

  it("says that a download was cut short", () => {
    const path = join(folder, "short.gguf");
    copyFileSync(reference("llama.gguf"), path);
    truncateSync(path, readFileSync(path).length - 100);
    expect(() => readGguf(path)).toThrow(/the file ends at [\d,]+: it is cut short; download it again/);
  });
});

describe("a damaged file", () => {
  it.each([
    ["a small one", smallGguf, 1500],
    ["a model with merges", readFileSync(reference("qwen2.gguf")), 150],
  ])("is a DataError or reads, whatever was changed: %s", (_, sound, cases) => {
    const { refused, slowest } = readDamaged(sound, join(folder, "damaged.gguf"), cases, 1);
    expect(refused).toBeGreaterThan(cases / 4);
    expect(slowest).toBeLessThan(10_000);
  });
});
