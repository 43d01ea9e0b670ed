import { exactValue } from "./exact-value.js";
import type { Expression } from "./expression.js";
import { decimalsOf, numericValue } from "./numeric-value.js";
import {
  add,
  compare,
  floor,
  magnitude,
  multiply,
  negate,
  parseDecimal,
  type Rational,
  rational,
} from "./rational.js";

/** Places to which math-verify rounds decimal numbers. */
const ROUNDED_PLACES = 6;

/** The digits behind the point of a number that is written with one, also of a negative number or a percentage; else null. */
function writtenDecimal(expression: Expression): { places: number } | null {
  if (expression.kind === "number") return expression.places === null ? null : { places: expression.places };
  if (expression.kind === "negative") return writtenDecimal(expression.of);
  if (expression.kind !== "percent") return null;
  const of = writtenDecimal(expression.of);
  return of && { places: of.places + 2 };
}

/**
 * Whether a decimal number stands for another: both are the same rounded to 6 places, as math-verify has it, and differ by
 * less than one unit of the last place that is written. The second condition is stricter than math-verify, to which
 * 0.0000672 and 0.0000671 are equal.
 */
export function decimalsEqual(first: Expression, second: Expression): boolean {
  const written = [first, second].flatMap((side) => writtenDecimal(side)?.places ?? []);
  if (written.length === 0) return false;
  const [a, b] = [approximateValue(first), approximateValue(second)];
  if (!a || !b || roundedToPlaces(a) !== roundedToPlaces(b)) return false;
  const unit = rational(1n, 10n ** BigInt(Math.min(...written)))!;
  return compare(magnitude(add(a, negate(b))), unit) < 0;
}

const Digits = decimalsOf(60);

/** The value of an expression without symbols, exactly or to 40 places; null where it has none. */
function approximateValue(expression: Expression): Rational | null {
  const exact = exactValue(expression);
  if (exact) return exact;
  const value = numericValue(expression, new Map(), Digits);
  if (!value.isFinite() || value.e > 60) return null;
  const digits = parseDecimal(value.abs().toFixed(40));
  return value.isNegative() ? negate(digits) : digits;
}

/** Half a unit is rounded to the even neighbour, as Python does. */
function roundedToPlaces(value: Rational): bigint {
  const scaled = multiply(value, rational(10n ** BigInt(ROUNDED_PLACES))!);
  const below = floor(scaled);
  const rest = compare(add(scaled, negate(rational(below)!)), rational(1n, 2n)!);
  return rest < 0 || (rest === 0 && below % 2n === 0n) ? below : below + 1n;
}
