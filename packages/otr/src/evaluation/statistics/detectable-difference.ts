import { normalQuantile } from "./normal-distribution.js";

const SIGNIFICANCE = 0.05;
const POWER = 0.8;

/**
 * The smallest true difference that a comparison with this standard error finds in 80 % of repetitions at the level of 5 %
 * (two-sided): `(z_{0.975} + z_{0.8}) * standardError`, about 2.8 standard errors (E. Miller, arXiv 2411.00640, section 5).
 */
export function detectableDifference(standardError: number): number {
  return (normalQuantile(1 - SIGNIFICANCE / 2) + normalQuantile(POWER)) * standardError;
}
