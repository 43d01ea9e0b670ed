import { describe, expect, it } from "vitest";
import {
  aten,
  type DType,
  Generator,
  gradients,
  kernels,
  noGrad,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const generator = new Generator({ seed: 3 });
const random = (...shape: number[]) => aten.normal_(zeros(shape), 0, 1, { generator });

/** A leaf with a gradient buffer that holds `start` everywhere. */
function leaf(value: Tensor, start: number | null = null): Tensor {
  value.requiresGrad = true;
  if (start !== null) value.grad = aten.full_like(value.detach(), start);
  return value;
}

const largest = (x: Tensor) => aten.linalg_vector_norm(x, Number.POSITIVE_INFINITY).item();
/** max|a - b| / max|b| */
const error = (a: Tensor, b: Tensor) => largest(a.sub(b)) / largest(b);

const tolerances: [DType, number][] = [
  ["float64", 1e-12],
  ["float32", 1e-5],
  ["bfloat16", 1e-2],
];

describe("linear", () => {
  it.each(
    tolerances.flatMap(([dtype, tolerance]) => [
      [dtype, tolerance, null] as const,
      [dtype, tolerance, 2] as const,
    ]),
  )("is the product, and adds its gradients, in %s (within %d, to %s)", (dtype, tolerance, start) => {
    for (const [tokens, inputs, outputs] of [
      [1, 1, 1],
      [5, 33, 7],
      [40, 576, 130],
      [3, 8, 20_000],
    ]) {
      scope(() => {
        const wide: DType = dtype === "float64" ? "float64" : "float32";
        const parameter = leaf(random(outputs, inputs).to(dtype).to(wide).clone(), start);
        const input = leaf(random(tokens, inputs).to(dtype).clone());
        const gradient = random(tokens, outputs).to(dtype);
        const output = kernels.linear(
          input,
          noGrad(() => parameter.detach().to(dtype)),
          parameter,
        );
        output.backward(gradient);

        const exact = (value: Tensor) => value.detach().to("float64");
        expect(error(exact(output), exact(input).matmul(exact(parameter).t()))).toBeLessThan(tolerance);
        const added = parameter.grad!.sub(start ?? 0).to("float64");
        expect(parameter.grad!.dtype).toBe(wide);
        expect(error(added, exact(gradient).t().matmul(exact(input)))).toBeLessThan(tolerance);
        expect(error(exact(input.grad!), exact(gradient).matmul(exact(parameter)))).toBeLessThan(tolerance);
      });
    }
  });

  it("computes no gradient of an input that needs none, and still the parameter's", () => {
    scope(() => {
      const parameter = leaf(random(3, 2));
      kernels.linear(random(4, 2), parameter, parameter).sum().backward();
      expect(largest(parameter.grad!)).toBeGreaterThan(0);
    });
  });

  it("without a parameter is plain, differentiable and recorded", () => {
    scope(() => {
      const weight = leaf(random(3, 2));
      kernels
        .linear(tensor([1, 2], { shape: [1, 2] }), weight)
        .sum()
        .backward();
      expect(weight.grad!.toArray()).toEqual([1, 2, 1, 2, 1, 2]);
    });
  });

  it("records nothing without gradient mode", () => {
    scope(() => {
      const parameter = leaf(random(3, 2));
      expect(noGrad(() => kernels.linear(random(4, 2), parameter, parameter)).requiresGrad).toBe(false);
    });
  });

  it("has no second derivative, and says so", () => {
    scope(() => {
      const [input, parameter] = [leaf(random(4, 2)), leaf(random(3, 2))];
      const output = kernels.linear(input, parameter, parameter).sum();
      const refusal = torchError(() => gradients([output], [input], { createGraph: true }));
      expect(refusal.message).toContain("linear has no second derivative");
      const rows = kernels.embedding(parameter, tensor([1], { dtype: "int64" }), { dtype: "float32" });
      const both = torchError(() =>
        gradients([rows.sum()], [parameter], { createGraph: true, allowUnused: true }),
      );
      expect(both.message).toContain("embedding has no second derivative");
    });
  });

  it("takes inputs of any rank", () => {
    scope(() => {
      const parameter = leaf(random(3, 2));
      const input = leaf(random(2, 5, 2));
      const output = kernels.linear(input, parameter, parameter);
      expect(output.shape).toEqual([2, 5, 3]);
      output.sum().backward();
      expect(input.grad!.shape).toEqual([2, 5, 2]);
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const bare = random(3, 2);
      bare.requiresGrad = true;
      expect(torchError(() => kernels.linear(random(4, 3), bare)).code).toBe("TORCH_VALUE");
      expect(torchError(() => kernels.linear(random(4, 2).to("bfloat16"), bare)).code).toBe("TORCH_TYPE");
      expect(torchError(() => kernels.linear(random(4, 2), bare, leaf(random(2, 3)))).code).toBe(
        "TORCH_VALUE",
      );
      expect(torchError(() => kernels.linear(random(4, 2), bare, random(3, 2))).message).toContain("leaf");
    });
  });
});

describe("add_product_", () => {
  it.each(["float32", "bfloat16"] as const)(
    "adds a product of %s into float32, in blocks or not",
    (dtype) => {
      for (const rows of [1, 70, 5000]) {
        scope(() => {
          const left = random(rows, 19).to(dtype);
          const right = random(19, 301).to(dtype);
          const sum = random(rows, 301);
          const expected = sum.add(left.to("float32").matmul(right.to("float32")));
          const result = kernels.add_product_(sum, left, right);
          expect(result).toBe(sum);
          const tolerance = dtype === "float32" ? 1e-6 : 1e-2;
          expect(error(sum, expected)).toBeLessThan(tolerance);
          // Whatever memory held before.
          const fresh = aten.full_like(sum, Number.NaN);
          kernels.add_product_(fresh, left, right, { accumulate: false });
          expect(error(fresh, left.to("float32").matmul(right.to("float32")))).toBeLessThan(tolerance);
        });
      }
    },
  );

  it("adds into what is not contiguous too", () => {
    scope(() => {
      const sum = zeros([3, 4]).t();
      kernels.add_product_(sum, random(4, 2).to("bfloat16"), random(2, 3).to("bfloat16"));
      expect(largest(sum)).toBeGreaterThan(0);
    });
  });

  it("refuses shapes and dtypes that do not fit", () => {
    scope(() => {
      expect(torchError(() => kernels.add_product_(zeros([2, 2]), random(2, 3), random(2, 2))).code).toBe(
        "TORCH_VALUE",
      );
      expect(torchError(() => kernels.add_product_(zeros([2]), random(2, 3), random(3, 2))).code).toBe(
        "TORCH_VALUE",
      );
      const narrow = random(3, 2).to("bfloat16");
      expect(torchError(() => kernels.add_product_(zeros([2, 2]), random(2, 3), narrow)).code).toBe(
        "TORCH_TYPE",
      );
    });
  });
});

describe("embedding", () => {
  it.each([
    ["float32", null],
    ["float32", 1],
    ["bfloat16", 1],
  ] as const)("looks rows up in %s and adds their gradients to %s", (dtype, start) => {
    scope(() => {
      const parameter = leaf(random(7, 5), start);
      const indices = tensor([2, 0, 2, 6], { dtype: "int64" });
      const rows = kernels.embedding(parameter, indices, { dtype, padding_index: 6 });
      expect(rows.toArray()).toEqual(parameter.detach().indexSelect(0, indices).to(dtype).toArray());
      const gradient = random(4, 5).to(dtype);
      rows.backward(gradient);
      const expected = aten.full_like(parameter.detach(), start ?? 0);
      for (const [from, to] of [
        [0, 2],
        [1, 0],
        [2, 2],
      ]) {
        expected.narrow(0, to, 1).add_(gradient.narrow(0, from, 1).to("float32"));
      }
      expect(error(parameter.grad!, expected)).toBeLessThan(1e-6);
    });
  });

  it("refuses indices that are not there", () => {
    scope(() => {
      const parameter = leaf(random(7, 5));
      for (const index of [-1, 7]) {
        const indices = tensor([index], { dtype: "int64" });
        expect(torchError(() => kernels.embedding(parameter, indices, { dtype: "float32" })).code).toMatch(
          /^TORCH_/,
        );
      }
      expect(torchError(() => kernels.embedding(parameter, random(3), { dtype: "float32" })).code).toBe(
        "TORCH_TYPE",
      );
    });
  });
});

describe("threads", () => {
  it("embedding gives the same bits on one and on two", () => {
    scope(() => {
      const indices = tensor(
        Array.from({ length: 3000 }, (_, at) => (at * at) % 50),
        { dtype: "int64" },
      );
      const [table, gradient] = [random(50, 257), random(3000, 257)];
      const [one, two] = onOneAndTwoThreads(() => {
        const parameter = leaf(table.clone());
        const rows = kernels.embedding(parameter, indices, { dtype: "float32" });
        rows.backward(gradient);
        return [rows.toArray(), parameter.grad!.toArray()];
      });
      expect(two).toEqual(one);
    });
  });

  // How a product is cut up is the matrix library's own choice, so its sums may be rounded otherwise.
  it.each<[DType, number]>([
    ["float32", 1e-5],
    ["bfloat16", 1e-2],
  ])("linear and add_product_ in %s agree on one and on two", (dtype, tolerance) => {
    scope(() => {
      const [input, weight, gradient] = [random(700, 130), random(900, 130), random(700, 900)].map((value) =>
        value.to(dtype),
      );
      const [one, two] = onOneAndTwoThreads(() => {
        const parameter = leaf(weight!.to("float32").clone());
        const copy = leaf(input!.clone());
        const output = kernels.linear(copy, weight!, parameter);
        output.backward(gradient!);
        const sum = kernels.add_product_(zeros([900, 130]), gradient!.t(), input!);
        return [output.detach(), copy.grad!, parameter.grad!, sum];
      });
      for (const [index, tensor] of two.entries()) expect(error(tensor, one[index]!)).toBeLessThan(tolerance);
    });
  });
});
