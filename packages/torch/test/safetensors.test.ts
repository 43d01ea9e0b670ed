import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../../otr/test/shared.js";
import {
  arange,
  aten,
  type DType,
  full,
  liveTensorCount,
  ones,
  readSafetensors,
  readSafetensorsHeader,
  type StoredTensor,
  scope,
  TorchError,
  tensor,
  writeSafetensors,
  writeSafetensorsInBackground,
  zeros,
} from "../src/index.js";
import { compiledPackage, runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = () => join(folder, `${files++}.safetensors`);

/** A file of a header, given as text or bytes, and data bytes. */
function fileOf(header: string | Buffer, data: Uint8Array = new Uint8Array(0), length?: bigint): string {
  const bytes = Buffer.from(header);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(bytes.length));
  const path = newPath();
  writeFileSync(path, Buffer.concat([prefix, bytes, data]));
  return path;
}

const entry = (dtype: string, shape: readonly unknown[], offsets: readonly unknown[]) => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const jsonFile = (header: unknown, bytes: number) =>
  fileOf(
    JSON.stringify(header),
    Uint8Array.from({ length: bytes }, (_, i) => i),
  );

const DTYPES: DType[] = [
  "float32",
  "float64",
  "bfloat16",
  "float16",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint8",
  "bool",
  "float8_e4m3fn",
  "float8_e5m2",
];

/** A scope must not return a promise, which looks like that of an asynchronous body. */
const writing = (promise: Promise<void>) => ({ promise });

/** Numbers of many sizes and signs. */
const numbers = ([rows, columns]: [number, number]) =>
  arange(rows * columns)
    .sin()
    .mul(1000)
    .view([rows, columns]);

describe("a round trip", () => {
  it("keeps names, shapes, dtypes, values and metadata", () => {
    const path = newPath();
    scope(() => {
      const tensors = new Map(
        DTYPES.map((dtype, i) => [`t.${dtype}`, tensor([0, 1, i, 1], { shape: [2, 2] }).to(dtype)]),
      );
      tensors
        .set("empty", zeros([0, 3]))
        .set("scalar", tensor([2.5], { shape: [] }))
        .set("__proto__", tensor([7]));
      writeSafetensors(path, tensors, { format: "pt", note: "größer" });
      using file = readSafetensors(path);
      expect(file.metadata).toEqual({ format: "pt", note: "größer" });
      expect([...file.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
      for (const [name, written] of tensors) {
        const read = file.tensors.get(name)!;
        expect(read.dtype).toBe(written.dtype);
        expect(read.shape).toEqual(written.shape);
        expect(read.to("float64").toArray()).toEqual(written.to("float64").toArray());
      }
    });
  });

  it("writes views, transposed and negated tensors by their values", () => {
    const path = newPath();
    scope(() => {
      const x = tensor([1, 2, 3, 4], { shape: [2, 2] });
      writeSafetensors(path, {
        t: x.t(),
        row: x.narrow(0, 1, 1),
        wide: tensor([5]).expand([3]),
        negated: aten._neg_view(x),
      });
      using file = readSafetensors(path);
      const values = (name: string) => file.tensors.get(name)!.toArray();
      expect([values("t"), values("row"), values("wide"), values("negated")]).toEqual([
        [1, 3, 2, 4],
        [3, 4],
        [5, 5, 5],
        [-1, -2, -3, -4],
      ]);
    });
  });

  it("of nothing is possible", () => {
    const path = newPath();
    writeSafetensors(path, {});
    expect(readSafetensors(path).tensors.size).toBe(0);
  });

  it("aligns the data part to 8 bytes", () => {
    const path = newPath();
    scope(() => writeSafetensors(path, { "a name of odd length": tensor([1]) }));
    expect(readSafetensorsHeader(path).dataOffset % 8).toBe(0);
  });

  describe.skipIf(!hasShared)("of files written by other tools", () => {
    it.each([
      "models/stories260k/model.safetensors",
      "models/tinystories-656k/model.safetensors",
      "models/skills-812k/model.safetensors",
      "reference/objectives.safetensors",
    ])("%s: byte for byte", (name) => {
      const source = shared(name);
      const path = newPath();
      using file = readSafetensors(source);
      writeSafetensors(path, file.tensors, file.metadata);
      expect(readFileSync(path).equals(readFileSync(source))).toBe(true);
    });
  });
});

describe("reading", () => {
  it("maps the file: changes in place stay in memory, and the tensors outlive one another", () => {
    const path = newPath();
    scope(() => writeSafetensors(path, { a: tensor([1, 2]), b: tensor([3]) }));
    const before = readFileSync(path);
    const { tensors } = readSafetensors(path);
    const a = tensors.get("a")!;
    a.add_(10);
    tensors.get("b")!.dispose();
    expect(a.toArray()).toEqual([11, 12]);
    expect(a.ownedBytes).toBe(0);
    expect(readFileSync(path).equals(before)).toBe(true);
    a.dispose();
  });

  it("outlives the removal and the replacement of the file", () => {
    const path = newPath();
    scope(() => writeSafetensors(path, { a: tensor([1, 2]) }));
    using file = readSafetensors(path);
    scope(() => writeSafetensors(path, { a: tensor([3, 4]) }));
    rmSync(path);
    expect(file.tensors.get("a")!.toArray()).toEqual([1, 2]);
  });

  it("is outside of all scopes and leaks nothing", () => {
    const path = newPath();
    scope(() => writeSafetensors(path, { a: tensor([1]), b: tensor([2]) }));
    const before = liveTensorCount();
    const file = scope(() => readSafetensors(path));
    expect(file.tensors.get("a")!.item()).toBe(1);
    expect(liveTensorCount()).toBe(before + 2);
    file.dispose();
    expect(liveTensorCount()).toBe(before);
  });

  it("frees what it made when a later tensor cannot be made", () => {
    const huge = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0];
    const path = jsonFile({ a: entry("U8", [1], [0, 1]), b: entry("U8", huge, [1, 1]) }, 1);
    const before = liveTensorCount();
    expect(torchError(() => readSafetensors(path)).message).toContain("shape");
    expect(liveTensorCount()).toBe(before);
  });

  it("copes with data that is not aligned for its dtype", () => {
    const path = jsonFile({ a: entry("U8", [1], [0, 1]), b: entry("F64", [1], [1, 9]) }, 9);
    using file = readSafetensors(path);
    const bytes = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
    expect(file.tensors.get("b")!.item()).toBe(new Float64Array(bytes.buffer)[0]);
  });

  it("takes entries in any order, and metadata that is no entry", () => {
    const path = jsonFile(
      { b: entry("U8", [1], [1, 2]), __metadata__: { x: "y" }, a: entry("U8", [1], [0, 1]) },
      2,
    );
    using file = readSafetensors(path);
    expect([file.tensors.get("a")!.item(), file.tensors.get("b")!.item()]).toEqual([0, 1]);
    expect(file.metadata).toEqual({ x: "y" });
  });

  it("takes strange but harmless names as plain names", () => {
    const names = ["__proto__", "constructor", "toString", "0", "../../etc/passwd", "a b", "\u{1F980}"];
    const described = names.map(
      (name, i) => `${JSON.stringify(name)}:${JSON.stringify(entry("U8", [1], [i, i + 1]))}`,
    );
    const metadata = '"__metadata__":{"__proto__":"plain"}';
    using file = readSafetensors(fileOf(`{${metadata},${described.join()}}`, new Uint8Array(names.length)));
    expect([...file.tensors.keys()].sort()).toEqual(names.toSorted());
    const copy = newPath();
    writeSafetensors(copy, file.tensors, file.metadata);
    using again = readSafetensors(copy);
    expect([...again.tensors.keys()].sort()).toEqual(names.toSorted());
    expect(Object.entries(again.metadata)).toEqual([["__proto__", "plain"]]);
    expect(Object.prototype).not.toHaveProperty("dtype");
  });
});

const long = "x".repeat(2000);

describe("a file that is not sound is refused, with the reason", () => {
  const good = entry("F32", [2], [0, 8]);
  it.each<[string, () => string, RegExp]>([
    [
      "no bytes",
      () => {
        const path = newPath();
        writeFileSync(path, "");
        return path;
      },
      /0 bytes, fewer than the 8/,
    ],
    [
      "seven bytes",
      () => {
        const path = newPath();
        writeFileSync(path, "1234567");
        return path;
      },
      /7 bytes/,
    ],
    [
      "a header longer than the file",
      () => fileOf("{}", undefined, 1000n),
      /claims 1000 bytes, the file has 10/,
    ],
    ["a header of 2^64 - 1 bytes", () => fileOf("{}", undefined, 2n ** 64n - 1n), /more than the 100 MB/],
    ["a header of 100 MB and one byte", () => fileOf("{}", undefined, 100_000_001n), /more than the 100 MB/],
    ["an empty header", () => fileOf(""), /not JSON/],
    ["no JSON", () => fileOf("{a: 1}"), /not JSON/],
    ["JSON and more", () => fileOf("{} x"), /not JSON/],
    ["an array", () => fileOf("[]"), /not a JSON object/],
    ["null", () => fileOf("null"), /not a JSON object/],
    ["no UTF-8", () => fileOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), /not UTF-8/],
    ["an entry that is a number", () => jsonFile({ a: 1 }, 0), /names a tensor twice|described by no object/],
    ["an entry that is null", () => jsonFile({ a: null }, 0), /names a tensor twice|described by no object/],
    [
      "a name given twice",
      () => fileOf(`{"a":${JSON.stringify(good)},"a":${JSON.stringify(good)}}`, new Uint8Array(8)),
      /twice/,
    ],
    [
      "a name given twice in different spelling",
      () => fileOf(`{"a":${JSON.stringify(good)},"\\u0061":${JSON.stringify(good)}}`, new Uint8Array(8)),
      /twice/,
    ],
    [
      "a field given twice",
      () =>
        fileOf(
          '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}',
          new Uint8Array(1),
        ),
      /twice/,
    ],
    ["overlapping tensors", () => jsonFile({ a: good, b: entry("F32", [2], [4, 12]) }, 12), /overlap/],
    ["the same bytes twice", () => jsonFile({ a: good, b: good }, 8), /overlap/],
    ["a hole", () => jsonFile({ a: good, b: entry("F32", [1], [12, 16]) }, 16), /hole/],
    ["a hole at the start", () => jsonFile({ a: entry("F32", [2], [4, 12]) }, 12), /hole/],
    [
      "offsets that do not fit the shape",
      () => jsonFile({ a: entry("F32", [3], [0, 8]) }, 8),
      /needs 12 bytes, its data_offsets span 8/,
    ],
    ["offsets in reverse", () => jsonFile({ a: entry("F32", [2], [8, 0]) }, 8), /span -8/],
    ["negative offsets", () => jsonFile({ a: entry("F32", [2], [-8, 0]) }, 8), /no pair of sizes/],
    ["fractional offsets", () => jsonFile({ a: entry("F32", [2], [0.5, 8.5]) }, 9), /no pair of sizes/],
    ["one offset", () => jsonFile({ a: entry("F32", [2], [8]) }, 8), /no pair of sizes/],
    [
      "offsets beyond 2^53",
      () => fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[9007199254740993,9007199254740993]}}'),
      /no pair of sizes/,
    ],
    ["a negative size", () => jsonFile({ a: entry("F32", [-2], [0, 8]) }, 8), /no list of sizes/],
    ["a size that is a string", () => jsonFile({ a: entry("F32", ["2"], [0, 8]) }, 8), /no list of sizes/],
    [
      "sizes whose product overflows",
      () => jsonFile({ a: entry("F32", [2 ** 40, 2 ** 40], [0, 8]) }, 8),
      /needs .* bytes/,
    ],
    [
      "sizes whose product wraps to the right number",
      () => jsonFile({ a: entry("U8", [2 ** 32, 2 ** 32, 8], [0, 8]) }, 8),
      /needs .* bytes/,
    ],
    [
      "a shape of 100 dimensions",
      () => jsonFile({ a: entry("U8", Array(100).fill(1), [0, 1]) }, 1),
      /no list of sizes/,
    ],
    [
      "an unknown dtype",
      () => jsonFile({ a: entry("F99", [2], [0, 8]) }, 8),
      /dtype "F99"; readable are I64, F64, F32/,
    ],
    ["the dtype __proto__", () => jsonFile({ a: entry("__proto__", [2], [0, 8]) }, 8), /dtype/],
    [
      "a dtype that is no string",
      () => fileOf('{"a":{"dtype":["F32"],"shape":[2],"data_offsets":[0,8]}}', new Uint8Array(8)),
      /dtype/,
    ],
    ["no dtype", () => fileOf('{"a":{"shape":[2],"data_offsets":[0,8]}}', new Uint8Array(8)), /dtype/],
    ["an unknown field", () => jsonFile({ a: { ...good, stride: [1] } }, 8), /unknown field "stride"/],
    ["data cut off", () => jsonFile({ a: good }, 7), /needs? 8 bytes, the file holds 7/],
    ["bytes too many", () => jsonFile({ a: good }, 9), /need 8 bytes, the file holds 9/],
    [
      "metadata that is no map",
      () => jsonFile({ __metadata__: ["x"], a: good }, 8),
      /metadata__ is not a map of strings/,
    ],
    [
      "metadata that holds a number",
      () => jsonFile({ __metadata__: { x: 1 }, a: good }, 8),
      /metadata__ is not a map of strings/,
    ],
    ["metadata that is null", () => fileOf('{"__metadata__":null}'), /metadata__ is not a map of strings/],
    ["an empty name", () => jsonFile({ "": good }, 8), /empty, too long/],
    ["a name of 2,000 characters", () => jsonFile({ [long]: good }, 8), /empty, too long/],
    ["a name with a line feed", () => jsonFile({ "a\nb": good }, 8), /control characters/],
    ["a name with a zero byte", () => jsonFile({ "a\0b": good }, 8), /control characters/],
    ["deep nesting", () => fileOf(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`), /not a sound/],
    ["deep nesting that never ends", () => fileOf(`{"a":${'{"a":'.repeat(200_000)}`), /not JSON/],
  ])("%s", (_name, make, reason) => {
    const before = liveTensorCount();
    const path = make();
    const error = torchError(() => readSafetensors(path));
    expect(error.code).toBe("TORCH_SAFETENSORS");
    expect(error.message).toContain(path);
    expect(error.message).toMatch(reason);
    expect(error.message.length).toBeLessThan(1000);
    expect(liveTensorCount()).toBe(before);
  });

  it("or cannot be read at all", () => {
    for (const path of [join(folder, "nowhere"), folder, "/dev/zero"]) {
      expect(torchError(() => readSafetensors(path)).code).toBe("TORCH_FILE");
    }
  });
});

describe("writing", { timeout: 120_000 }, () => {
  const inside = (path: string) => readdirSync(path).sort();
  const newFolder = () => {
    const path = mkdtempSync(join(folder, "written-"));
    return path;
  };

  it("replaces a file in one step and leaves nothing else behind", () => {
    const place = newFolder();
    const path = join(place, "a.safetensors");
    scope(() => {
      writeSafetensors(path, { x: tensor([1]) });
      writeSafetensors(path, { x: tensor([2]) });
    });
    expect(inside(place)).toEqual(["a.safetensors"]);
    using file = readSafetensors(path);
    expect(file.tensors.get("x")!.item()).toBe(2);
  });

  it("leaves the old file, and no temporary one, when a tensor cannot be written", () => {
    const place = newFolder();
    const path = join(place, "a.safetensors");
    scope(() => {
      writeSafetensors(path, { x: tensor([1]) });
      const old = readFileSync(path);
      const disposed = tensor([2]);
      disposed.dispose();
      expect(torchError(() => writeSafetensors(path, { x: tensor([3]), y: disposed })).code).toBe(
        "TORCH_DISPOSED",
      );
      const complex = zeros([1], { dtype: "complex64" });
      expect(torchError(() => writeSafetensors(path, { y: complex })).code).toBe("TORCH_UNSUPPORTED");
      expect(readFileSync(path).equals(old)).toBe(true);
    });
    expect(inside(place)).toEqual(["a.safetensors"]);
  });

  it("refuses names that the reader would refuse", () => {
    const place = newFolder();
    scope(() => {
      for (const name of ["", "__metadata__", "data_offsets", "a\nb", long]) {
        const error = torchError(() =>
          writeSafetensors(join(place, "a.safetensors"), new Map([[name, tensor([1])]])),
        );
        expect(error.code).toBe("TORCH_ARGUMENT_VALUE");
      }
    });
    expect(inside(place)).toEqual([]);
  });

  it("says when the folder is missing or the target is a folder", () => {
    const place = newFolder();
    mkdirSync(join(place, "a"));
    scope(() => {
      expect(torchError(() => writeSafetensors(join(place, "b/c"), { x: tensor([1]) })).code).toBe(
        "TORCH_FILE",
      );
      expect(torchError(() => writeSafetensors(join(place, "a"), { x: tensor([1]) })).code).toBe(
        "TORCH_FILE",
      );
    });
    expect(inside(place)).toEqual(["a"]);
  });

  it("says when the disk is full, and leaves the old file and no temporary one", () => {
    const place = newFolder();
    const path = join(place, "a.safetensors");
    scope(() => writeSafetensors(path, { x: tensor([1]) }));
    const old = readFileSync(path);
    // A limit on the size of files stands for the full disk: the kernel cuts the write in the middle of a tensor.
    const limit = spawnSync("sh", ["-c", "ulimit -f 64 && echo ok"], { encoding: "utf8" });
    expect(limit.stdout.trim()).toBe("ok");
    const { stdout } = runNode(
      `import { execFileSync } from "node:child_process";
       process.on("SIGXFSZ", () => {});
       torch.zeros([1]);
       execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=65536:65536"]);
       try { torch.writeSafetensors(${JSON.stringify(path)}, { x: torch.ones([100_000]) }); }
       catch (error) { console.log(error instanceof torch.TorchError, error.code); }`,
    );
    expect(stdout).toBe("true TORCH_FILE\n");
    expect(readFileSync(path).equals(old)).toBe(true);
    expect(inside(place)).toEqual(["a.safetensors"]);
  });

  it("names a full disk as such", () => {
    if (!existsSync("/dev/full")) return;
    const place = newFolder();
    const path = join(place, "a.safetensors");
    const { stdout } = runNode(
      `import { symlinkSync } from "node:fs";
       symlinkSync("/dev/full", ${JSON.stringify(place)} + "/.a.safetensors." + process.pid + "-1.partial");
       const write = () => torch.writeSafetensors(${JSON.stringify(path)}, { x: torch.ones([3]) });
       try { write(); } catch (error) { console.log(error.code, error.message); }`,
    );
    expect(stdout).toBe(`TORCH_DISK_FULL writing ${path} failed: No space left on device\n`);
    expect(inside(place)).toEqual([]);
  });

  it("keeps the order of many small tensors around large ones", () => {
    const path = newPath();
    scope(() => {
      const sizes = Array.from({ length: 400 }, (_, i) =>
        i % 90 === 0 ? 2 ** 19 + i : 1 + ((i * 977) % 9000),
      );
      writeSafetensors(path, Object.fromEntries(sizes.map((size, i) => [`t${i}`, full([size], i)])));
      using file = readSafetensors(path);
      for (const [i, size] of sizes.entries())
        expect(aten.equal(file.tensors.get(`t${i}`)!, full([size], i)), `t${i}`).toBe(true);
    });
  });

  it("stores another dtype than the tensor's, as a cast of the whole would", () => {
    scope(() => {
      const weights = numbers([700, 1000]);
      const [cast, stored] = [newPath(), newPath()];
      writeSafetensors(cast, { a: weights.to("bfloat16"), b: weights.to("float64"), c: zeros([0]) });
      writeSafetensors(stored, {
        a: { tensor: weights, dtype: "bfloat16" },
        b: { tensor: weights, dtype: "float64" },
        c: zeros([0]),
      });
      expect(readFileSync(stored).equals(readFileSync(cast))).toBe(true);
      const mirrored = { a: { tensor: weights.t(), dtype: "bfloat16" as const } };
      writeSafetensors(stored, mirrored);
      writeSafetensors(cast, { a: weights.to("bfloat16").t() });
      expect(readFileSync(stored).equals(readFileSync(cast))).toBe(true);
      const complex = { a: { tensor: zeros([1], { dtype: "complex64" }), dtype: "float32" as const } };
      expect(torchError(() => writeSafetensors(stored, complex)).code).toBe("TORCH_UNSUPPORTED");
    });
  });
});

describe("writing in the background", { timeout: 120_000 }, () => {
  const rejection = async (write: Promise<void>): Promise<TorchError> => {
    const error = await write.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof TorchError) return error;
    throw new Error(`not rejected with a TorchError but with ${error}`);
  };
  const newFolder = () => mkdtempSync(join(folder, "background-"));

  it("writes the bytes of the synchronous form, for all dtypes and casts", async () => {
    const [now, later] = [newPath(), newPath()];
    let write = Promise.resolve();
    scope(() => {
      const tensors: Record<string, StoredTensor> = {
        large: { tensor: numbers([900, 901]), dtype: "bfloat16" },
      };
      for (const dtype of DTYPES) {
        tensors[dtype] = tensor([0, 1, 3, 1], { shape: [2, 2] }).to(dtype);
        tensors[`cast ${dtype}`] = { tensor: tensor([0, 1, 3]), dtype };
      }
      writeSafetensors(now, tensors, { format: "pt" });
      write = writeSafetensorsInBackground(later, tensors, { format: "pt" });
    });
    await write;
    expect(readFileSync(later).equals(readFileSync(now))).toBe(true);
  });

  it("keeps what was disposed of, while others take and give back memory, and two write at once", async () => {
    const before = liveTensorCount();
    const paths = Array.from({ length: 4 }, newPath);
    const writes = paths.map((path, i) =>
      scope(() => writing(writeSafetensorsInBackground(path, { x: full([2 ** 21], i), y: full([3], i) }))),
    );
    expect(liveTensorCount()).toBe(before);
    for (let i = 0; i < 200; i++) scope(() => void full([2 ** 18 + 4096 * i], -1));
    for (const { promise } of writes) await promise;
    for (const [i, path] of paths.entries()) {
      using file = readSafetensors(path);
      scope(() => {
        for (const tensor of file.tensors.values())
          expect(aten.equal(tensor, full(tensor.shape, i))).toBe(true);
      });
    }
    expect(liveTensorCount()).toBe(before);
  });

  it("leaves one whole file where two write the same", async () => {
    const path = newPath();
    await Promise.all(
      scope(() =>
        [1, 2, 3].map((i) => writing(writeSafetensorsInBackground(path, { x: full([2 ** 19], i) }))),
      ).map(({ promise }) => promise),
    );
    using file = readSafetensors(path);
    scope(() => {
      const values = file.tensors.get("x")!;
      expect(aten.equal(values, full([2 ** 19], values.narrow(0, 0, 1).item()))).toBe(true);
    });
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("lets JavaScript run meanwhile", async () => {
    const path = newPath();
    let turns = 0;
    let isWritten = false;
    const write = scope(() =>
      writing(writeSafetensorsInBackground(path, { x: { tensor: ones([2 ** 24]), dtype: "bfloat16" } })),
    );
    void write.promise.then(() => {
      isWritten = true;
    });
    while (!isWritten) {
      await nextTurn();
      turns++;
    }
    expect(turns).toBeGreaterThan(10);
  });

  it("rejects what it cannot write, and leaves nothing behind", async () => {
    const place = newFolder();
    const path = join(place, "a.safetensors");
    const errors = scope(() => {
      const disposed = ones([1]);
      disposed.dispose();
      return [
        { code: "TORCH_DISPOSED", promise: rejection(writeSafetensorsInBackground(path, { x: disposed })) },
        {
          code: "TORCH_ARGUMENT_VALUE",
          promise: rejection(writeSafetensorsInBackground(path, { x: ones([2, 3]).t() })),
        },
        {
          code: "TORCH_ARGUMENT_VALUE",
          promise: rejection(writeSafetensorsInBackground(path, { "": ones([1]) })),
        },
        {
          code: "TORCH_FILE",
          promise: rejection(writeSafetensorsInBackground(join(place, "b/c"), { x: ones([1]) })),
        },
      ];
    });
    for (const { code, promise } of errors) expect((await promise).code).toBe(code);
    expect(readdirSync(place)).toEqual([]);
  });

  it("rejects with the system's error when the disk is full, and leaves the old file", () => {
    const place = newFolder();
    const path = join(place, "a.safetensors");
    scope(() => writeSafetensors(path, { x: tensor([1]) }));
    const old = readFileSync(path);
    const { stdout } = runNode(
      `import { symlinkSync } from "node:fs";
       import { execFileSync } from "node:child_process";
       const path = ${JSON.stringify(path)};
       symlinkSync("/dev/full", ${JSON.stringify(place)} + "/.a.safetensors." + process.pid + "-1.partial");
       const write = () => torch.writeSafetensorsInBackground(path, { x: torch.ones([100_000]) });
       await write().catch((error) => console.log(error instanceof torch.TorchError, error.code));
       execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=65536:65536"]);
       await write().catch((error) => console.log(error.code, error.message));`,
    );
    expect(stdout).toBe(`true TORCH_DISK_FULL\nTORCH_FILE writing ${path} failed: File too large\n`);
    expect(readFileSync(path).equals(old)).toBe(true);
    expect(readdirSync(place)).toEqual(["a.safetensors"]);
  });

  it.each([
    ["process.exit", "process.exit(3)", 3],
    ["an exception", "throw new Error('x')", 1],
  ])("stops, and leaves no file that is not whole, at %s", (_name, end, status) => {
    const place = newFolder();
    const result = runNode(
      `for (let i = 0; i < 3; i++)
         void torch.writeSafetensorsInBackground(${JSON.stringify(place)} + "/" + i, { x: torch.ones([2 ** 24]) });
       setTimeout(() => { ${end} }, 5);`,
    );
    expect(result.status).toBe(status);
    expect(result.signal).toBeNull();
    // On a fast disk the first may be complete.
    for (const name of readdirSync(place)) {
      expect(name).toMatch(/^\d$/);
      expect(readSafetensorsHeader(join(place, name)).entries.size).toBe(1);
    }
  });

  it("stops when its worker is terminated", () => {
    const place = newFolder();
    const { status, stdout } = runNode(
      `import { Worker } from "node:worker_threads";
       for (let i = 0; i < 5; i++) {
         const worker = new Worker(
           'import(process.env.PACKAGE).then((torch) => {' +
           '  void torch.writeSafetensorsInBackground(process.env.PLACE + "/a", { x: torch.ones([2 ** 24]) });' +
           '  require("node:worker_threads").parentPort.postMessage("begun");' +
           '})',
           { eval: true, execArgv: [], env: { PACKAGE: ${JSON.stringify(compiledPackage.href)}, PLACE: ${JSON.stringify(place)} } });
         await new Promise((resolve) => worker.once("message", resolve));
         await worker.terminate();
       }
       console.log("done");`,
    );
    expect(stdout).toBe("done\n");
    expect(status).toBe(0);
    // One that was done before the worker ended stays.
    expect(readdirSync(place).filter((name) => name !== "a")).toEqual([]);
  });
});
