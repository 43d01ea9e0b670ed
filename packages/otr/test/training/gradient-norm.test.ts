import { tensor } from "@one-token/torch";
import { expect, it } from "vitest";
import { clipFactor, gradientNorm } from "../../src/training/gradient-norm.js";

it("gradientNorm is the norm of all gradients together", () => {
  const gradients = [
    tensor([3, 0], { dtype: "float64" }),
    tensor([0, 4], { shape: [2, 1], dtype: "float64" }),
  ];
  expect(gradientNorm(gradients)).toBe(5);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])("gradientNorm reports %d", (value) => {
  expect(gradientNorm([tensor([1, value])])).toBe(value);
});

it.each([
  [5, 1, 1 / (5 + 1e-6)],
  [5, 5.1, 1],
  [5, 0, 1],
  [0, 1, 1],
])("clipFactor of a norm of %d and a limit of %d", (norm, limit, factor) => {
  expect(clipFactor(norm, limit)).toBe(factor);
});
