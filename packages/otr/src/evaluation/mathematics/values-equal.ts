import type { Decimal } from "decimal.js";
import { philox } from "../../data/philox.js";
import { exactValue } from "./exact-value.js";
import { type Expression, symbolsOf } from "./expression.js";
import { type Assignment, decimalsOf, numericValue } from "./numeric-value.js";
import { add, isEqual, multiply, negate, rational } from "./rational.js";

const Coarse = decimalsOf(30);
const Fine = decimalsOf(60);

/** A quotient of differences below this tells that the difference is rounding alone. */
const SHRINKS = "1e-15";

/**
 * Whether two numbers are known to be one. What rounding left of a difference that is 0 shrinks when it is computed with
 * more digits, and a true difference, small as it may be, does not.
 */
function isZeroDifference(difference: (Digits: typeof Decimal) => Decimal, size: Decimal): boolean {
  const fine = difference(Fine);
  if (fine.isNaN()) return false;
  if (fine.isZero()) return true;
  if (fine.abs().gt(size.abs().times("1e-12"))) return false;
  const coarse = difference(Coarse);
  return !coarse.isZero() && fine.abs().lt(coarse.abs().times(SHRINKS));
}

const NO_SYMBOLS: Assignment = new Map();

/**
 * Whether two expressions have one value: exactly where both are rational; else to 60 digits, at random values of the
 * symbols that they have.
 */
export function valuesEqual(first: Expression, second: Expression): boolean {
  const [exactFirst, exactSecond] = [exactValue(first), exactValue(second)];
  if (exactFirst && exactSecond) return isEqual(exactFirst, exactSecond);
  const symbols = [...new Set([...symbolsOf(first), ...symbolsOf(second)])].sort();
  if (symbols.length > 0) return agreeAtRandom(first, second, symbols);
  const [a, b] = [first, second].map((side) => numericValue(side, NO_SYMBOLS, Fine));
  if (a!.isNaN() || b!.isNaN()) return false;
  if (!a!.isFinite() || !b!.isFinite()) return a!.eq(b!);
  return isZeroDifference(
    (Digits) => numericValue(first, NO_SYMBOLS, Digits).minus(numericValue(second, NO_SYMBOLS, Digits)),
    a!.abs().plus(b!.abs()),
  );
}

/** Places at which both must be defined for them to count as equal. */
const WANTED = 6;
const TRIALS = 40;

function agreeAtRandom(first: Expression, second: Expression, symbols: readonly string[]): boolean {
  let agreed = 0;
  for (let trial = 0; trial < TRIALS && agreed < WANTED; trial++) {
    const at = randomAssignment(symbols, trial);
    const [a, b] = [first, second].map((side) => numericValue(side, at, Fine));
    if (!a!.isFinite() || !b!.isFinite()) continue;
    const isSame = isZeroDifference(
      (Digits) => numericValue(first, at, Digits).minus(numericValue(second, at, Digits)),
      a!.abs().plus(b!.abs()),
    );
    if (!isSame) return false;
    agreed++;
  }
  return agreed === WANTED;
}

/** Positive fractions, fractions of either sign, and integers in turn: what factorials and powers of -1 are defined for. */
export function randomAssignment(symbols: readonly string[], trial: number): Assignment {
  return new Map(
    symbols.map((name, index) => {
      const [word, sign] = philox([0x6d617468, 0], [index, trial, 0, 0]);
      const integer = rational(BigInt((word % 12) + 1))!;
      if (trial % 3 === 2) return [name, integer];
      const fraction = rational(BigInt(word % 9973) + 1n, 9973n)!;
      const value = add(multiply(fraction, rational(BigInt((sign % 4) + 1))!), rational(1n, 97n)!);
      return [name, trial % 3 === 1 && (sign & 16) !== 0 ? negate(value) : value];
    }),
  );
}
