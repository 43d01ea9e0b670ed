/** @file Inputs and comparisons that the tests of the objectives share. */
import { aten, Generator, randn, scope, setNumThreads, type Tensor, tensor } from "@one-token/torch";
import { expect } from "vitest";

// The tensors are tiny: a second thread would only be waited for.
setNumThreads(1);

/** Deterministic normal numbers, float64. */
export const normal = (shape: readonly number[], seed: number, scale = 1): Tensor =>
  scope(() =>
    randn(shape, { dtype: "float64", generator: new Generator({ device: "cpu", seed }) }).mul(scale),
  );

/** N tokens spread over a vocabulary of V. */
export const spread = (count: number, vocabulary: number, first = 3): Tensor =>
  tensor(
    Array.from({ length: count }, (_, index) => (index * 7 + first) % vocabulary),
    { dtype: "int64" },
  );

/** max|a - b| / max|b| over whole tensors. */
export const relativeError = (actual: Tensor, expected: Tensor): number =>
  scope(() => {
    const reference = expected.to("float64");
    const difference = actual.to("float64").sub(reference);
    return aten.max(aten.abs(difference)).item() / aten.max(aten.abs(reference)).item();
  });

/** ||a - b|| / ||b||. */
export const normError = (actual: Tensor, expected: Tensor): number =>
  scope(() => {
    const reference = expected.to("float64");
    const norm = (of: Tensor) => of.mul(of).sum().sqrt().item();
    return norm(actual.to("float64").sub(reference)) / norm(reference);
  });

/** Weights 1 / N: the mean over tokens. */
export const meanWeights = (count: number, dtype: "float32" | "float64" = "float64"): Tensor =>
  tensor(new Array(count).fill(1 / count), { dtype });

/**
 * Holds many independent gradients `(R, ...)` to the one that is their expectation. Of some 160 deviations of the mean
 * in standard errors the mean square is about 1, and none is beyond 5.
 */
export function expectMean(gradients: Tensor, expectation: Tensor): void {
  const standardError = aten.var_mean.correction(gradients, [0])[0].div(gradients.shape[0]).sqrt();
  const deviations = gradients.mean([0]).sub(expectation).div(standardError);
  const meanSquare = deviations.mul(deviations).mean().item();
  expect(meanSquare).toBeGreaterThan(0.5);
  expect(meanSquare).toBeLessThan(1.6);
  expect(aten.max(aten.abs(deviations)).item()).toBeLessThan(5);
}
