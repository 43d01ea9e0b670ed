import { describe, expect, it } from "vitest";
import { aten, type DType, kernels, scope, type Tensor, zeros } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { expectAgreement, normal, numbersOf } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

type Gated = (gate: Tensor, up: Tensor) => Tensor;

const FORMS: [string, Gated & { readonly composed: Gated }, Gated][] = [
  ["swiglu", kernels.swiglu, (gate, up) => aten.silu(gate).mul(up)],
  ["geglu", kernels.geglu, (gate, up) => aten.gelu(gate, { approximate: "tanh" }).mul(up)],
];
const SHAPES = [[], [1], [3], [31], [33], [5, 7], [3, 2, 17], [9, 1536]];

describe.each(FORMS)("%s", (_name, kernel, composed) => {
  it.each(
    (["float64", "float32", "bfloat16", "float16"] as const).flatMap((dtype) =>
      SHAPES.flatMap((shape) => [false, true].map((transposed) => ({ dtype, shape, transposed }))),
    ),
  )(
    "agrees with the composed form on $dtype $shape, transposed: $transposed",
    ({ dtype, shape, transposed }) => {
      scope(() => {
        const gate = normal(shape, 1, dtype, transposed).mul(4);
        expectAgreement(kernel, composed, [gate, normal(shape, 2, dtype)], transposed);
      });
    },
  );

  it("is right far from zero", () => {
    scope(() => {
      const ends = aten.linspace(-120, 120, 97, { dtype: "float64" });
      for (const dtype of ["float64", "float32", "bfloat16"] as DType[]) {
        expectAgreement(kernel, composed, [ends.to(dtype), normal([97], 2, dtype)]);
      }
    });
  });

  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const inputs = [normal([101, 1537], 1, "bfloat16"), normal([101, 1537], 2, "bfloat16")];
      const [one, two] = onOneAndTwoThreads(() => numbersOf(kernel, inputs));
      expect(two).toEqual(one);
    });
  });

  it("takes empty tensors", () => {
    scope(() => expect(numbersOf(kernel, [zeros([0, 3]), zeros([0, 3])])).toEqual([[], [], []]));
  });

  it("has a form of ATen operators that agrees", () => {
    scope(() => {
      const inputs = [normal([5, 7], 1, "float64"), normal([5, 7], 2, "float64")];
      expectAgreement(kernel.composed, composed, inputs);
    });
  });

  it("refuses other arguments", () => {
    scope(() => {
      const gate = zeros([2, 3]);
      const integers = zeros([2, 3], { dtype: "int64" });
      expect(torchError(() => kernel(integers, integers)).code).toBe("TORCH_TYPE");
      expect(torchError(() => kernel(gate, zeros([2, 3], { dtype: "float64" }))).code).toBe("TORCH_TYPE");
      expect(torchError(() => kernel(gate, zeros([3]))).code).toBe("TORCH_VALUE");
    });
  });
});
