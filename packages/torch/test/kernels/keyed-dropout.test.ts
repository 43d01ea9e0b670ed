import { describe, expect, it } from "vitest";
import { type DType, full, gradients, kernels, ones, scope, tensor } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { normal } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const table = (rows: number) => Array.from({ length: rows }, (_, row) => [7, 3, 100 + row, 2 * row]);
const keys = (rows: number) => tensor(table(rows).flat(), { shape: [rows, 4], dtype: "int64" });

/** Philox4x32-10 (Salmon et al., SC 2011) in big integers: the four words of a block. */
function philox(block: number, [seed, step, row, position]: readonly number[]): number[] {
  let counter = [block, position!, row!, step!].map(BigInt);
  let key = [BigInt(seed!) & 0xffffffffn, BigInt(seed!) >> 32n];
  for (let round = 0; round < 10; round++) {
    const [left, right] = [0xd2511f53n * counter[0]!, 0xcd9e8d57n * counter[2]!];
    counter = [
      (right >> 32n) ^ counter[1]! ^ key[0]!,
      right & 0xffffffffn,
      (left >> 32n) ^ counter[3]! ^ key[1]!,
      left & 0xffffffffn,
    ];
    key = [(key[0]! + 0x9e3779b9n) & 0xffffffffn, (key[1]! + 0xbb67ae85n) & 0xffffffffn];
  }
  return counter.map(Number);
}

/** Whether each element is dropped: its number is half (e / 8) % 2 of word (e / 16) % 4 of block 8 (e / 64) + e % 8. */
const slowMask = (rows: readonly number[][], width: number, probability: number): boolean[] =>
  rows.flatMap((key) =>
    Array.from({ length: width }, (_, element) => {
      const block = 8 * Math.floor(element / 64) + (element % 8);
      const word = philox(block, key)[Math.floor(element / 16) % 4]!;
      const half = Math.floor(element / 8) % 2 === 0 ? word & 0xffff : word >>> 16;
      return half < Math.round(probability * 65536);
    }),
  );

describe("keyed_dropout", () => {
  it.each(["float64", "float32", "bfloat16", "float16"] as DType[])(
    "zeroes where the key's number is below the probability, forward and back (%s)",
    (dtype) => {
      scope(() => {
        const width = 150;
        const input = normal([5, width], 1, dtype);
        input.requiresGrad = true;
        const dropped = slowMask(table(5), width, 0.3);
        const scale = 1 / (1 - Math.round(0.3 * 65536) / 65536);
        const output = kernels.keyed_dropout(input, keys(5), 0.3);
        const [gradient] = gradients([output], [input], { outputGradients: [ones([5, width], { dtype })] });
        const numbers = input.detach().toArray();
        const tolerance = dtype === "bfloat16" || dtype === "float16" ? 8e-3 : 1e-6;
        for (const [actual, wanted] of [
          [output.detach().toArray(), numbers.map((value) => value * scale)],
          [gradient!.toArray(), numbers.map(() => scale)],
        ] as const) {
          for (const [at, value] of actual.entries()) {
            if (dropped[at]) expect(value).toBe(0);
            else expect(Math.abs(value / wanted[at]! - 1)).toBeLessThan(tolerance);
          }
        }
      });
    },
  );

  it("drops numbers that are not finite", () => {
    scope(() => {
      const input = full([3, 200], Number.NaN, { dtype: "bfloat16" });
      const output = kernels.keyed_dropout(input, keys(3), 0.5).toArray();
      expect(output.map(Number.isNaN)).toEqual(slowMask(table(3), 200, 0.5).map((dropped) => !dropped));
    });
  });

  it("keeps about the share that it should, and the mean", () => {
    scope(() => {
      const output = kernels.keyed_dropout(ones([200, 500]), keys(200), 0.1).toArray();
      const kept = output.filter((value) => value !== 0).length / output.length;
      expect(Math.abs(kept - 0.9)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / output.length));
      const values = [...new Set(output)].sort();
      expect(values[0]).toBe(0);
      expect(values[1]).toBeCloseTo(1 / 0.9, 4);
    });
  });

  it("depends on a token's key and on the stream, and on nothing else", () => {
    scope(() => {
      const drop = (rows: number[][], stream = 0) =>
        kernels
          .keyed_dropout(
            ones([rows.length, 16]),
            tensor(rows.flat(), { shape: [rows.length, 4], dtype: "int64" }),
            0.5,
            { stream },
          )
          .toArray();
      const rows = table(4);
      const together = drop(rows);
      expect(drop([rows[2]!])).toEqual(together.slice(32, 48));
      expect(drop(rows, 5)).not.toEqual(together);
      expect(
        drop(
          rows.map(([seed, ...rest]) => [seed! ^ 5, ...rest]),
          5,
        ),
      ).toEqual(together);
      const [one, two] = onOneAndTwoThreads(() =>
        kernels.keyed_dropout(ones([300, 300]), keys(300), 0.5).toArray(),
      );
      expect(two).toEqual(one);
    });
  });

  it("does nothing at probability 0, and refuses 1 and keys that do not fit", () => {
    scope(() => {
      const input = normal([3, 8], 2, "float32");
      expect(kernels.keyed_dropout(input, keys(3), 0).toArray()).toEqual(input.toArray());
      expect(torchError(() => kernels.keyed_dropout(input, keys(3), 1)).message).toMatch(/\[0, 1\)/);
      expect(torchError(() => kernels.keyed_dropout(input, keys(2), 0.5)).message).toMatch(
        /a key for each row/,
      );
    });
  });
});
