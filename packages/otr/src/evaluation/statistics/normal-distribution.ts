/** @file The standard normal distribution. */
import { invertIncreasing } from "./invert-increasing.js";

/**
 * The probability of more than x, for x >= 0: half the complementary error function of `x / sqrt(2)`. Near 0 by the
 * series DLMF 7.6.2, else by the continued fraction DLMF 7.9.1, so that small tails keep their digits.
 */
export function normalUpperTail(x: number): number {
  const z = x / Math.SQRT2;
  const density = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2) {
    let term = z;
    let sum = z;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / 2 / fraction;
  return density / fraction / 2;
}

/** The x below which a normal number lies with a probability between 0 and 1. */
export function normalQuantile(probability: number): number {
  if (probability < 0.5) return -normalQuantile(1 - probability);
  return invertIncreasing((x) => -normalUpperTail(x), probability - 1);
}
