/** @file Student's t distribution. */
import { incompleteBeta } from "./incomplete-beta.js";
import { invertIncreasing } from "./invert-increasing.js";

/**
 * The probability of more than t, for t >= 0: `I_x(v / 2, 1 / 2) / 2` at `x = v / (v + t^2)` (DLMF 8.17 and Abramowitz
 * and Stegun 26.7.1).
 *
 * @param freedom degrees of freedom v, at least 1
 */
export function studentUpperTail(t: number, freedom: number): number {
  const square = t * t;
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + square), square / (freedom + square)) / 2;
}

/** The t below which a number of the distribution lies with a probability between 0 and 1. */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  return invertIncreasing((t) => -studentUpperTail(t, freedom), probability - 1);
}
