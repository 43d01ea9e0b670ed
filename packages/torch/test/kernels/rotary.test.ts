import { describe, expect, it } from "vitest";
import { aten, type DType, kernels, scope, type Tensor, zeros } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { expectAgreement, normal, numbersOf } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const EPS = 1e-3;

const rotated = (heads: Tensor, cosine: Tensor, sine: Tensor) => {
  const half = heads.shape[2]! / 2;
  const [x, y] = [heads.narrow(2, 0, half), heads.narrow(2, half, half)];
  const [c, s] = [cosine.to("float64").unsqueeze(1), sine.to("float64").unsqueeze(1)];
  return aten.cat([x.mul(c).sub(y.mul(s)), y.mul(c).add(x.mul(s))], 2);
};

const normed = (input: Tensor, weight: Tensor) =>
  input.mul(aten.rsqrt(input.mul(input).mean(-1, true).add(EPS))).mul(weight);

const tables = (tokens: number, half: number, dtype: DType) => {
  const angles = normal([tokens, half], 3, "float64").mul(5);
  return [angles.cos().to(dtype), angles.sin().to(dtype)] as const;
};

const SHAPES = [
  [1, 1, 2],
  [3, 2, 6],
  [2, 3, 34],
  [5, 9, 64],
  [2, 1, 62],
  [33, 3, 128],
];

describe.each<DType>(["float64", "float32", "bfloat16", "float16"])("rotary of %s", (dtype) => {
  const tableDType = dtype === "float64" ? "float64" : "float32";

  it.each(SHAPES.flatMap((shape) => [false, true].map((transposed) => ({ shape, transposed }))))(
    "agrees with the composed form on $shape, transposed: $transposed",
    ({ shape, transposed }) => {
      scope(() => {
        const [tokens, , size] = shape as [number, number, number];
        const [cosine, sine] = tables(tokens, size / 2, tableDType);
        const heads = normal(shape, 1, dtype, transposed);
        expectAgreement(
          (input) => kernels.rotary(input, cosine, sine),
          (input) => rotated(input, cosine, sine),
          [heads],
          transposed,
        );
        for (const weightDType of new Set<DType>([dtype, tableDType])) {
          expectAgreement(
            (input, weight) => kernels.rotary(input, cosine, sine, weight, EPS),
            (input, weight) => rotated(normed(input, weight), cosine, sine),
            [heads, normal([size], 2, weightDType)],
            transposed,
          );
        }
      });
    },
  );

  it("takes empty tensors", () => {
    scope(() => {
      for (const shape of [
        [0, 2, 4],
        [2, 0, 4],
        [2, 3, 0],
      ]) {
        const [cosine, sine] = tables(shape[0]!, shape[2]! / 2, tableDType);
        const inputs = [zeros(shape, { dtype }), normal([shape[2]!], 2, dtype)];
        expect(numbersOf((input) => kernels.rotary(input, cosine, sine), inputs.slice(0, 1))).toEqual([
          [],
          [],
        ]);
        const [output, gradient, weightGradient] = numbersOf(
          (input, weight) => kernels.rotary(input, cosine, sine, weight, EPS),
          inputs,
        );
        expect([output, gradient, weightGradient]).toEqual([[], [], inputs[1]!.toArray().map(() => 0)]);
      }
    });
  });
});

describe("rotary", () => {
  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const [cosine, sine] = tables(300, 32, "float32");
      const inputs = [normal([300, 9, 64], 1, "bfloat16"), normal([64], 2, "float32")];
      const [one, two] = onOneAndTwoThreads(() => [
        numbersOf((heads) => kernels.rotary(heads, cosine, sine), inputs.slice(0, 1)),
        numbersOf((heads, weight) => kernels.rotary(heads, cosine, sine, weight, EPS), inputs),
      ]);
      expect(two).toEqual(one);
    });
  });

  it.each<DType>(["float64", "float32"])("has a form of ATen operators that agrees, in %s", (dtype) => {
    scope(() => {
      const [cosine, sine] = tables(3, 17, dtype);
      const inputs = [normal([3, 2, 34], 1, dtype), normal([34], 2, dtype)];
      expectAgreement(
        (heads) => kernels.rotary.composed(heads, cosine, sine),
        (heads) => rotated(heads, cosine, sine),
        inputs.slice(0, 1),
      );
      expectAgreement(
        (heads, weight) => kernels.rotary.composed(heads, cosine, sine, weight, EPS),
        (heads, weight) => rotated(normed(heads, weight), cosine, sine),
        inputs,
      );
    });
  });

  it("refuses other arguments", () => {
    scope(() => {
      const heads = zeros([2, 3, 4]);
      const table = zeros([2, 2]);
      const code = (call: () => unknown) => torchError(call).code;
      expect(code(() => kernels.rotary(zeros([2, 3, 4], { dtype: "int64" }), table, table))).toBe(
        "TORCH_TYPE",
      );
      expect(code(() => kernels.rotary(zeros([2, 3, 5]), table, table))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rotary(zeros([2, 4]), table, table))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rotary(heads, zeros([2, 4]), table))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rotary(heads, table, zeros([1, 2])))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rotary(heads, table, zeros([2, 2], { dtype: "int64" })))).toBe("TORCH_TYPE");
      expect(code(() => kernels.rotary(heads, table, table, zeros([2]), EPS))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rotary(heads, table, table, zeros([4]), -1))).toBe("TORCH_VALUE");
      const recorded = zeros([2, 2]);
      recorded.requiresGrad = true;
      expect(code(() => kernels.rotary(heads, table, recorded))).toBe("TORCH_VALUE");
    });
  });
});
