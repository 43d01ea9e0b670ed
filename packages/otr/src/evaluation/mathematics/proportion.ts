import type { Decimal } from "decimal.js";
import { type Expression, symbolsOf } from "./expression.js";
import { decimalsOf, numericValue } from "./numeric-value.js";
import { randomAssignment } from "./values-equal.js";

const Digits = decimalsOf(60);
const WANTED = 6;
const TRIALS = 40;

/**
 * The sign of the constant that one expression is a multiple of another by, from their values at random values of the
 * symbols; null where there is no such constant: of 2x - 4 and 6 - 3x it is -1.
 */
export function proportion(first: Expression, second: Expression): 1 | -1 | null {
  const symbols = [...new Set([...symbolsOf(first), ...symbolsOf(second)])].sort();
  let ratio: Decimal | null = null;
  let agreed = 0;
  for (let trial = 0; trial < TRIALS && agreed < WANTED; trial++) {
    const at = randomAssignment(symbols, trial);
    const [a, b] = [numericValue(first, at, Digits), numericValue(second, at, Digits)];
    if (!a.isFinite() || !b.isFinite()) continue;
    if (a.isZero() && b.isZero()) continue;
    if (a.isZero() || b.isZero()) return null;
    const here: Decimal = a.div(b);
    ratio ??= here;
    if (here.minus(ratio).abs().gt(ratio.abs().times("1e-30"))) return null;
    agreed++;
  }
  if (!ratio || agreed < WANTED) return null;
  return ratio.isNegative() ? -1 : 1;
}
