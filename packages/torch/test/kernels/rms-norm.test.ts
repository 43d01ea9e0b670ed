import { describe, expect, it } from "vitest";
import { aten, type DType, gradients, kernels, noGrad, scope, type Tensor, zeros } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { expectAgreement, normal, numbersOf } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const EPS = 1e-3;

const normed = (input: Tensor, weight: Tensor) =>
  input.mul(aten.rsqrt(input.mul(input).mean(-1, true).add(EPS))).mul(weight);

const kernel = (input: Tensor, weight: Tensor) => kernels.rms_norm(input, weight, EPS);
const addKernel = (input: Tensor, residual: Tensor, weight: Tensor) =>
  kernels.add_rms_norm(input, residual, weight, EPS);

/** The sum is rounded to the inputs' dtype before it is normalised; its gradient is not. */
const addComposed = (dtype: DType) => (input: Tensor, residual: Tensor, weight: Tensor) => {
  const exact = input.add(residual);
  const sum = exact.add(exact.to(dtype).to("float64").sub(exact).detach());
  return [sum, normed(sum, weight)];
};

const DTYPES: [DType, DType][] = [
  ["float64", "float64"],
  ["float32", "float32"],
  ["bfloat16", "bfloat16"],
  ["bfloat16", "float32"],
  ["float32", "bfloat16"],
  ["float16", "float16"],
];
const SHAPES = [[1], [3], [2, 1], [5, 3], [4, 31], [3, 2, 33], [2, 16], [70, 576]];

describe.each(DTYPES)("rms_norm of %s with a weight in %s", (dtype, weightDType) => {
  it.each(SHAPES.flatMap((shape) => [false, true].map((transposed) => ({ shape, transposed }))))(
    "agrees with the composed form on $shape, transposed: $transposed",
    ({ shape, transposed }) => {
      scope(() => {
        const input = normal(shape, 1, dtype, transposed);
        const weight = normal(shape.slice(-1), 2, weightDType);
        expectAgreement(kernel, normed, [input, weight], transposed);
        const residual = normal(shape, 3, dtype);
        expectAgreement(addKernel, addComposed(dtype), [input, residual, weight], transposed);
      });
    },
  );

  it("takes empty tensors", () => {
    scope(() => {
      for (const shape of [[0], [0, 7], [4, 0], [2, 0, 3]]) {
        const weight = normal(shape.slice(-1), 2, weightDType);
        const inputs = [zeros(shape, { dtype }), weight];
        const [output, inputGradient, weightGradient] = numbersOf(kernel, inputs);
        expect([output, inputGradient]).toEqual([[], []]);
        expect(weightGradient).toEqual(weight.toArray().map(() => 0));
        expect(numbersOf(addKernel, [zeros(shape, { dtype }), ...inputs])[1]).toEqual([]);
      }
    });
  });
});

describe("rms_norm", () => {
  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const inputs = [normal([744, 576], 1, "bfloat16"), normal([576], 2, "float32")];
      const addInputs = [normal([744, 576], 3, "bfloat16"), ...inputs];
      const [one, two] = onOneAndTwoThreads(() => [
        numbersOf(kernel, inputs),
        numbersOf(addKernel, addInputs),
      ]);
      expect(two).toEqual(one);
    });
  });

  it("records only what needs gradients", () => {
    scope(() => {
      const input = normal([2, 3], 1, "float32");
      const weight = normal([3], 2, "float32");
      expect(kernel(input, weight).requiresGrad).toBe(false);
      input.requiresGrad = true;
      expect(noGrad(() => kernel(input, weight)).requiresGrad).toBe(false);
      const [gradient] = gradients([kernel(input, weight).sum()], [input]);
      weight.requiresGrad = true;
      const both = gradients([kernel(input, weight).sum()], [input, weight]);
      expect(gradient!.toArray()).toEqual(both[0]!.toArray());
    });
  });

  it("gives gradients where only one of the sum and the norm is used", () => {
    scope(() => {
      const inputs = [1, 2].map((seed) => normal([2, 3], seed, "float64"));
      const weight = normal([3], 3, "float64");
      const composed = addComposed("float64");
      for (const output of [0, 1]) {
        const pick = (form: typeof composed) => (input: Tensor, residual: Tensor) =>
          form(input, residual, weight)[output]!;
        expectAgreement(pick(addKernel), pick(composed), inputs);
      }
    });
  });

  it.each<DType>(["float64", "float32"])("has a form of ATen operators that agrees, in %s", (dtype) => {
    scope(() => {
      const [input, residual] = [normal([5, 33], 1, dtype), normal([5, 33], 2, dtype)];
      const weight = normal([33], 3, dtype);
      const addTwin: typeof addKernel = (...inputs) => kernels.add_rms_norm.composed(...inputs, EPS);
      expectAgreement((a, b) => kernels.rms_norm.composed(a, b, EPS), normed, [input, weight]);
      expectAgreement(addTwin, addComposed(dtype), [input, residual, weight]);
    });
  });

  it("does not round the weight to the input's dtype in that form either", () => {
    scope(() => {
      const [input, residual] = [normal([5, 33], 1, "bfloat16"), normal([5, 33], 2, "bfloat16")];
      const weight = normal([33], 3, "float32").mul(1e-3).add(1);
      expectAgreement((a, b) => kernels.rms_norm.composed(a, b, EPS), normed, [input, weight]);
      const twin = kernels.add_rms_norm.composed(input, residual, weight, EPS);
      for (const [index, expected] of addKernel(input, residual, weight).entries()) {
        const difference = twin[index]!.to("float32").sub(expected.to("float32")).div(expected.to("float32"));
        expect(aten.linalg_vector_norm(difference, Number.POSITIVE_INFINITY).item()).toBeLessThanOrEqual(
          2 ** -7,
        );
      }
    });
  });

  it("has no second derivative, and says so", () => {
    scope(() => {
      const input = normal([2, 3], 1, "float32");
      input.requiresGrad = true;
      const output = kernel(input, zeros([3])).sum();
      const error = torchError(() => gradients([output], [input], { createGraph: true }));
      expect(error.code).toBe("TORCH_NOT_IMPLEMENTED");
    });
  });

  it("refuses other arguments", () => {
    scope(() => {
      const input = zeros([2, 3]);
      const weight = zeros([3]);
      const code = (call: () => unknown) => torchError(call).code;
      const integers = zeros([2, 3], { dtype: "int64" });
      expect(code(() => kernels.rms_norm(integers, weight, EPS))).toBe("TORCH_TYPE");
      expect(code(() => kernels.rms_norm(input, zeros([3], { dtype: "bool" }), EPS))).toBe("TORCH_TYPE");
      expect(code(() => kernels.rms_norm(zeros([]), weight, EPS))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rms_norm(input, zeros([2]), EPS))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rms_norm(input, zeros([1, 3]), EPS))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rms_norm(input, weight, -1))).toBe("TORCH_VALUE");
      expect(code(() => kernels.rms_norm(input, weight, Number.NaN))).toBe("TORCH_VALUE");
      expect(code(() => kernels.add_rms_norm(input, zeros([3]), weight, EPS))).toBe("TORCH_VALUE");
      expect(code(() => kernels.add_rms_norm(input, zeros([2, 3], { dtype: "float64" }), weight, EPS))).toBe(
        "TORCH_TYPE",
      );
    });
  });
});
