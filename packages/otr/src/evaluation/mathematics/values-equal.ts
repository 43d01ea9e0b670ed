import type { Decimal } from "decimal.js";
import { philox } from "../../data/philox.js";
import { exactValue } from "./exact-value.js";
import { type Expression, symbolsOf } from "./expression.js";
import { type Assignment, decimalsOf, numericValue } from "./numeric-value.js";
import { add, isEqual, multiply, negate, rational } from "./rational.js";

/** Arithmetic with 40, 70 and 100 significant digits. */
const [Coarse, Fine, Finest] = [decimalsOf(40), decimalsOf(70), decimalsOf(100)];

/** What rounding leaves of 0 shrinks by about 1e-30 from one precision to the next. */
const SHRINKS = "1e-15";

/**
 * Whether two expressions have one value where their symbols have given ones. What rounding leaves of a difference of 0
 * shrinks when it is computed with more digits; a true difference, small as it may be, does not.
 */
function haveSameValue(first: Expression, second: Expression, at: Assignment): boolean {
  const difference = (Digits: typeof Decimal): Decimal =>
    numericValue(first, at, Digits)
      .minus(numericValue(second, at, Digits))
      .abs();
  const [coarse, fine] = [difference(Coarse), difference(Fine)];
  if (fine.isZero()) return true;
  if (!coarse.isZero()) return fine.lt(coarse.times(SHRINKS));
  // All 40 digits were lucky, or the difference lies beyond them.
  return difference(Finest).lt(fine.times(SHRINKS));
}

const NO_SYMBOLS: Assignment = new Map();

/**
 * Whether two expressions have one value: exactly where both are rational; else to 40 digits or more, at random values of
 * the symbols that they have.
 */
export function valuesEqual(first: Expression, second: Expression): boolean {
  const [exactFirst, exactSecond] = [exactValue(first), exactValue(second)];
  if (exactFirst && exactSecond) return isEqual(exactFirst, exactSecond);
  const symbols = [...new Set([...symbolsOf(first), ...symbolsOf(second)])].sort();
  if (symbols.length > 0) return agreeAtRandom(first, second, symbols);
  const [a, b] = [first, second].map((side) => numericValue(side, NO_SYMBOLS, Coarse));
  if (a!.isNaN() || b!.isNaN()) return false;
  if (!a!.isFinite() || !b!.isFinite()) return a!.eq(b!);
  return haveSameValue(first, second, NO_SYMBOLS);
}

/** Places at which both must be defined for them to count as equal. */
const WANTED = 6;
const TRIALS = 40;

function agreeAtRandom(first: Expression, second: Expression, symbols: readonly string[]): boolean {
  let agreed = 0;
  for (let trial = 0; trial < TRIALS && agreed < WANTED; trial++) {
    const at = randomAssignment(symbols, trial);
    const [a, b] = [first, second].map((side) => numericValue(side, at, Coarse));
    if (!a!.isFinite() || !b!.isFinite()) continue;
    if (!haveSameValue(first, second, at)) return false;
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
