import { describe, expect, it } from "vitest";
import {
  aten,
  type DType,
  gradients,
  kernels,
  noGrad,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { normal } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

/** NormalFloat4 of QLoRA (arXiv 2305.14314, appendix E). */
const NF4 = [
  -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
];

/** Block by block, the nearest value by search. */
function slowNf4(values: readonly number[]): {
  codes: number[];
  magnitudes: number[];
  dequantized: number[];
} {
  const magnitudes: number[] = [];
  const nibbles: number[] = [];
  const dequantized: number[] = [];
  for (let start = 0; start < values.length; start += 64) {
    const block = values.slice(start, start + 64);
    const magnitude = Math.max(...block.map(Math.abs));
    magnitudes.push(magnitude);
    for (const value of block) {
      const share = magnitude === 0 ? 0 : value / magnitude;
      const distances = NF4.map((candidate) => Math.abs(candidate - share));
      const code = distances.indexOf(Math.min(...distances));
      nibbles.push(code);
      dequantized.push(NF4[code]! * magnitude);
    }
  }
  const codes = nibbles.flatMap((code, index) => (index % 2 === 0 ? [16 * code + nibbles[index + 1]!] : []));
  return { codes, magnitudes, dequantized };
}

describe("quantize_nf4", () => {
  it.each([
    [3, 64],
    [2, 7],
    [10, 33],
    [1, 2],
    [128, 96],
  ])("finds the nearest value of each block (%i x %i)", (rows, columns) => {
    scope(() => {
      const weight = normal([rows, columns], 5, "float32");
      if (rows === 10) weight.narrow(0, 2, 3).zero_();
      const expected = slowNf4(weight.toArray());
      const [codes, magnitudes] = kernels.quantize_nf4(weight);
      expect(codes.toArray()).toEqual(expected.codes);
      expect(magnitudes.toArray()).toEqual(expected.magnitudes);
      const actual = kernels.dequantize(codes, magnitudes, null, rows, { dtype: "float32" });
      expect(actual.shape).toEqual([rows, columns]);
      const wanted = tensor(expected.dequantized, { shape: [rows, columns] });
      expect(aten.allclose(actual, wanted, 1e-6, 0)).toBe(true);
    });
  });

  it("is the same on one and on two threads", () => {
    scope(() => {
      const weight = normal([256, 100], 6, "float32");
      const [one, two] = onOneAndTwoThreads(() =>
        kernels.quantize_nf4(weight).map((part: Tensor) => part.toArray()),
      );
      expect(two).toEqual(one);
    });
  });
});

/** A matrix of 12 x 70 in each form that `dequantize` knows. */
function forms(): Record<string, { codes: Tensor; scales: Tensor; nested: Tensor | null }> {
  const weight = normal([12, 70], 7, "float32");
  const [codes, scales] = kernels.quantize_nf4(weight);
  const nestedCodes = tensor(
    Array.from(scales.toArray(), (_, index) => (index % 5) - 2),
    { dtype: "int8" },
  );
  const rows = aten.amax(aten.abs(weight), [1]).div(127);
  return {
    nf4: { codes, scales, nested: null },
    nested: { codes, scales: nestedCodes, nested: tensor([0.125, 2]) },
    int8: { codes: aten.round(weight.div(rows.unsqueeze(1))).to("int8"), scales: rows, nested: null },
  };
}

describe("quantized_linear", () => {
  it.each(["nf4", "nested", "int8"])("multiplies with the dequantised matrix, and back (%s)", (form) => {
    scope(() => {
      for (const [dtype, tolerance] of [
        ["float64", 1e-12],
        ["float32", 1e-5],
        ["bfloat16", 1e-2],
      ] as [DType, number][]) {
        const { codes, scales, nested } = forms()[form]!;
        const matrix = kernels.dequantize(codes, scales, nested, 12, { dtype });
        const input = normal([9, 70], 8, dtype);
        input.requiresGrad = true;
        const outputs = [
          kernels.quantized_linear(input, codes, scales, nested, 12),
          aten.linear(input, matrix),
        ];
        const gradient = normal([9, 12], 9, dtype);
        const derived = outputs.map(
          (output) => gradients([output], [input], { outputGradients: [gradient] })[0]!,
        );
        for (const [actual, wanted] of [outputs, derived]) {
          const largest = aten.amax(aten.abs(wanted!.detach())).item();
          expect(aten.amax(aten.abs(actual!.sub(wanted!).detach())).item() / largest).toBeLessThan(tolerance);
        }
      }
    });
  });

  it("dequantises nested scales: code times its block's scale, plus the last number", () => {
    scope(() => {
      const { codes, scales, nested } = forms().nested!;
      const wide = scales.to("float32").mul(0.125).add(2);
      const [actual, wanted] = [
        kernels.dequantize(codes, scales, nested, 12, { dtype: "float32" }),
        kernels.dequantize(codes, wide, null, 12, { dtype: "float32" }),
      ];
      expect(actual.toArray()).toEqual(wanted.toArray());
    });
  });

  it("gives the same numbers in the composed form, which float64 takes", () => {
    scope(() => {
      const { codes, scales } = forms().nf4!;
      const [fused, composed] = (["float32", "float64"] as const).map((dtype) =>
        kernels.dequantize(codes, scales, null, 12, { dtype }),
      );
      expect(fused!.toArray()).toEqual(composed!.toArray());
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const { codes, scales } = forms().nf4!;
      const input = zeros([2, 71]);
      expect(torchError(() => kernels.quantized_linear(input, codes, scales, null, 12)).message).toMatch(
        /does not fit a matrix/,
      );
      expect(
        torchError(() => kernels.dequantize(codes, scales.narrow(0, 0, 3), null, 12, { dtype: "float32" }))
          .message,
      ).toMatch(/a scale for each 64/);
      expect(
        torchError(() => kernels.dequantize(codes, scales, null, 11, { dtype: "float32" })).message,
      ).toMatch(/do not make 11 rows/);
      expect(torchError(() => kernels.quantize_nf4(zeros([3]))).message).toMatch(/even number/);
    });
  });

  it("records nothing for an input without gradient", () => {
    scope(() => {
      const { codes, scales } = forms().nf4!;
      expect(kernels.quantized_linear(zeros([2, 70]), codes, scales, null, 12).requiresGrad).toBe(false);
      expect(noGrad(() => kernels.quantized_linear(zeros([2, 70]), codes, scales, null, 12)).shape).toEqual([
        2, 12,
      ]);
    });
  });
});
