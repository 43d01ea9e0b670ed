import { describe, expect, it } from "vitest";
import { aten, type DType, full, kernels, noGrad, scope, type Tensor, tensor } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { normal } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const BLOCK = 32;

/** Rows by how many tokens they have, and how many of those are new. */
interface Case {
  readonly rows: readonly (readonly [length: number, count: number])[];
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly size: number;
  readonly window?: number;
  readonly scale?: number;
  readonly softcap?: number;
}

const CASES: readonly Case[] = [
  { rows: [[1, 1]], heads: 1, keyValueHeads: 1, size: 1 },
  {
    rows: [
      [40, 1],
      [3, 3],
      [64, 32],
      [33, 1],
    ],
    heads: 4,
    keyValueHeads: 2,
    size: 6,
  }, // prettier-ignore
  {
    rows: [
      [200, 1],
      [31, 1],
      [97, 1],
    ],
    heads: 9,
    keyValueHeads: 3,
    size: 64,
  }, // prettier-ignore
  {
    rows: [
      [130, 70],
      [5, 1],
    ],
    heads: 2,
    keyValueHeads: 1,
    size: 34,
    window: 1,
  },
  {
    rows: [
      [101, 1],
      [90, 37],
    ],
    heads: 2,
    keyValueHeads: 2,
    size: 16,
    window: 33,
    scale: 0.3,
  },
  {
    rows: [
      [70, 70],
      [41, 1],
    ],
    heads: 4,
    keyValueHeads: 1,
    size: 12,
    softcap: 2,
  },
  {
    rows: [
      [70, 1],
      [50, 9],
    ],
    heads: 40,
    keyValueHeads: 1,
    size: 8,
    window: 7,
    softcap: 0.5,
  },
];

/** Caches of which nothing that is not stored is a number, rows whose blocks lie scattered, and the new tokens. */
function inputs({ rows, heads, keyValueHeads, size }: Case, dtype: DType) {
  const width = Math.max(...rows.map(([length]) => Math.ceil(length / BLOCK))) + 1;
  const blocks = rows.length * width;
  const tables = Int32Array.from({ length: blocks }, (_, index) => (index * 7 + 3) % blocks);
  const isScattered = new Set(tables).size === blocks;
  if (!isScattered) for (const index of tables.keys()) tables[index] = blocks - 1 - index;
  const nothing = (shape: number[]) => full(shape, Number.NaN, { dtype });
  const lengths = rows.map(([length]) => length);
  const counts = rows.map(([, count]) => count);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  return {
    keyCache: nothing([blocks, keyValueHeads, size, BLOCK]),
    valueCache: nothing([blocks, keyValueHeads, BLOCK, size]),
    tables: tensor(tables, { shape: [rows.length, width], dtype: "int32" }),
    lengths,
    counts,
    query: normal([all, heads, size], 1, dtype),
    key: normal([all, keyValueHeads, size], 2, dtype),
    value: normal([all, keyValueHeads, size], 3, dtype),
  };
}

/** Of tokens `(T, ...)` of all rows, those among `[from, to)` of each row. */
function cut(
  tokens: Tensor,
  lengths: readonly number[],
  ranges: readonly (readonly [number, number])[],
): Tensor {
  let start = 0;
  const pieces = ranges.map(([from, to], row) => {
    const piece = tokens.narrow(0, start + from, to - from);
    start += lengths[row]!;
    return piece;
  });
  return aten.cat(pieces);
}

/** Stores the rows in two goes, the old tokens and the new, and attends with the new ones. */
function paged(options: Case, dtype: DType, form: "kernel" | "composed"): Tensor {
  const { window, scale, softcap } = options;
  const { keyCache, valueCache, tables, lengths, counts, query, key, value } = inputs(options, dtype);
  const isComposed = form === "composed";
  const store = isComposed ? kernels.store_in_blocks_.composed : kernels.store_in_blocks_;
  const attend = isComposed ? kernels.paged_attention.composed : kernels.paged_attention;
  const before = lengths.map((length, row) => [0, length - counts[row]!] as const);
  const after = lengths.map((length, row) => [length - counts[row]!, length] as const);
  for (const [row, [, old]] of before.entries()) {
    if (old === 0) continue;
    const own = before.map(([, end], other) => (other === row ? ([0, end] as const) : ([0, 0] as const)));
    const table = tables.narrow(0, row, 1);
    store(keyCache, valueCache, cut(key, lengths, own), cut(value, lengths, own), table, [old], [old]);
  }
  const [newKeys, newValues] = [cut(key, lengths, after), cut(value, lengths, after)];
  store(keyCache, valueCache, newKeys, newValues, tables, counts, lengths);
  const newQueries = cut(query, lengths, after);
  return attend(newQueries, keyCache, valueCache, tables, counts, lengths, { scale, window, softcap });
}

/** The same by attention within whole rows. */
function packed(options: Case, dtype: DType): Tensor {
  const { window, scale, softcap } = options;
  const { lengths, counts, query, key, value } = inputs(options, dtype);
  const [wideQuery, wideKey, wideValue] = [query, key, value].map((each) => each.to("float64")) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const form = { scale, window, softcap };
  const whole = kernels.packed_attention.composed(wideQuery, wideKey, wideValue, lengths, form);
  return cut(
    whole,
    lengths,
    lengths.map((length, row) => [length - counts[row]!, length] as const),
  );
}

const TOLERANCE: Partial<Record<DType, number>> = {
  float64: 1e-12,
  float32: 2e-6,
  bfloat16: 2 ** -8,
  float16: 2 ** -11,
};

describe.each<DType>(["float64", "float32", "bfloat16", "float16"])("paged_attention of %s", (dtype) => {
  it.each(CASES)(
    "agrees with packed attention of whole rows: $rows, $heads heads of $size, window $window, cap $softcap",
    (options) => {
      scope(() =>
        noGrad(() => {
          const expected = packed(options, dtype).toArray();
          for (const form of ["kernel", "composed"] as const) {
            // Torch's own attention rounds the weights too.
            const tolerance = TOLERANCE[dtype]! * (form === "composed" ? 4 : 1);
            const attended = paged(options, dtype, form);
            expect(attended.dtype).toBe(dtype);
            for (const [place, number] of attended.toArray().entries()) {
              const wanted = expected[place]!;
              const error = Math.abs(number - wanted);
              const isClose = error <= tolerance * Math.max(1, Math.abs(wanted));
              if (!isClose) throw new Error(`${form}: ${number} instead of ${wanted} at ${place}`);
            }
          }
        }),
      );
    },
  );
});

describe("paged_attention", () => {
  it("is the same on one thread and on two", () => {
    const numbers = onOneAndTwoThreads(() => scope(() => paged(CASES[2]!, "bfloat16", "kernel").toArray()));
    expect(numbers[1]).toEqual(numbers[0]);
  });

  it("refuses what would read or write outside of the cache", () => {
    scope(() => {
      const { keyCache, valueCache, tables, query, key, value } = inputs(CASES[0]!, "float32");
      const attend = (counts: number[], lengths: number[], blocks = tables, cache = keyCache) =>
        kernels.paged_attention(query, cache, valueCache, blocks, counts, lengths);
      expect(torchError(() => attend([1], [65])).code).toBe("TORCH_VALUE");
      expect(torchError(() => attend([0], [1])).code).toBe("TORCH_VALUE");
      expect(torchError(() => attend([2], [2])).code).toBe("TORCH_VALUE");
      expect(torchError(() => attend([1, 1], [1, 1])).code).toBe("TORCH_VALUE");
      expect(torchError(() => attend([1], [1], tensor([2, 0], { shape: [1, 2], dtype: "int32" }))).code).toBe(
        "TORCH_VALUE",
      );
      expect(
        torchError(() => attend([1], [1], tensor([-1, 0], { shape: [1, 2], dtype: "int32" }))).code,
      ).toBe("TORCH_VALUE");
      expect(torchError(() => attend([1], [1], tables, keyCache.transpose(2, 3))).code).toBe("TORCH_VALUE");
      expect(torchError(() => attend([1], [1], tables.to("int64"))).code).toBe("TORCH_TYPE");
      const wide = tensor([2, 0], { shape: [1, 2], dtype: "int32" });
      expect(
        torchError(() => kernels.store_in_blocks_(keyCache, valueCache, key, value, wide, [1], [1])).code,
      ).toBe("TORCH_VALUE");
    });
  });
});
