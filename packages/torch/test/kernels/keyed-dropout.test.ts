import { describe, expect, it } from "vitest";
import { type DType, gradients, kernels, ones, philoxUniform, scope, tensor } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { normal } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const table = (rows: number) => Array.from({ length: rows }, (_, row) => [7, 3, 100 + row, 2 * row]);
const keys = (rows: number) => tensor(table(rows).flat(), { shape: [rows, 4], dtype: "int64" });

describe("keyed_dropout", () => {
  it.each(["float64", "float32", "bfloat16"] as DType[])(
    "zeroes where the key's number is below the probability (%s)",
    (dtype) => {
      scope(() => {
        const input = normal([5, 37], 1, dtype);
        input.requiresGrad = true;
        const uniforms = philoxUniform(keys(5), 37);
        const scale = tensor([1 / 0.7], { dtype }).toArray()[0]!;
        const mask = tensor(
          uniforms.toArray().map((number) => (number < Math.fround(0.3) ? 0 : 1)),
          { shape: [5, 37], dtype },
        );
        const expected = input
          .detach()
          .mul(mask)
          .mul(tensor([scale], { dtype }));
        const output = kernels.keyed_dropout(input, keys(5), 0.3);
        const close = (a: number[], b: number[]) => {
          for (const [index, value] of a.entries())
            expect(Math.abs(value - b[index]!)).toBeLessThanOrEqual(8e-3 * Math.abs(b[index]!));
        };
        close(output.detach().toArray(), expected.toArray());
        const [gradient] = gradients([output], [input], { outputGradients: [ones([5, 37], { dtype })] });
        close(gradient!.toArray(), mask.mul(tensor([scale], { dtype })).toArray());
      });
    },
  );

  it("keeps about the share that it should, and the mean", () => {
    scope(() => {
      const output = kernels.keyed_dropout(ones([200, 500]), keys(200), 0.1).toArray();
      const kept = output.filter((value) => value !== 0).length / output.length;
      expect(Math.abs(kept - 0.9)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / output.length));
      const values = [...new Set(output)].sort();
      expect(values[0]).toBe(0);
      expect(values[1]).toBeCloseTo(1 / 0.9, 6);
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
