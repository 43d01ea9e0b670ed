import { type Tensor, tensor, zeros } from "@one-token/torch";
import { expect, it } from "vitest";
import { clipFactor, gradientNorm } from "../../src/training/gradient-norm.js";

/** A parameter with a gradient. */
function withGradient(gradient: Tensor): Tensor {
  const parameter = zeros(gradient.shape, { dtype: gradient.dtype });
  parameter.grad = gradient;
  return parameter;
}

it("gradientNorm is the norm of all gradients together", () => {
  const gradients = [
    tensor([3, 0], { dtype: "float64" }),
    tensor([0, 4], { shape: [2, 1], dtype: "float64" }),
  ];
  expect(gradientNorm([...gradients.map(withGradient), zeros([2])])).toBe(5);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])("gradientNorm reports %d", (value) => {
  expect(gradientNorm([withGradient(tensor([1, value]))])).toBe(value);
});

it.each([
  [5, 1, 1 / (5 + 1e-6)],
  [5, 5.1, 1],
  [5, 0, 1],
  [0, 1, 1],
])("clipFactor of a norm of %d and a limit of %d", (norm, limit, factor) => {
  expect(clipFactor(norm, limit)).toBe(factor);
});
