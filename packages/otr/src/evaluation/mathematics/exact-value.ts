import type { Expression } from "./expression.js";
import {
  add,
  divide,
  floor,
  magnitude,
  multiply,
  negate,
  power,
  type Rational,
  rational,
} from "./rational.js";

/** Digits in base 2 of the largest number that is computed exactly; larger ones are compared to 60 digits. */
const LARGEST_BITS = 20_000;
const LARGEST_FACTORIAL = 1000n;

/**
 * The value of an expression of rational numbers; null where it has symbols or irrational parts, is not defined, or would
 * be too large.
 */
export function exactValue(expression: Expression): Rational | null {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "negative": {
      const of = exactValue(expression.of);
      return of && negate(of);
    }
    case "percent": {
      const of = exactValue(expression.of);
      return of && divide(of, integer(100n));
    }
    case "sum":
      return combine(expression.terms, add);
    case "product":
      return combine(expression.factors, multiply);
    case "quotient": {
      const [above, below] = [exactValue(expression.above), exactValue(expression.below)];
      return above && below && bounded(divide(above, below));
    }
    case "power":
      return exactPower(expression.base, expression.exponent);
    case "function":
      return exactFunction(expression.name, expression.of);
    case "binomial":
      return exactBinomial(expression.of, expression.choose);
    default:
      return null;
  }
}

const integer = (value: bigint): Rational => ({ numerator: value, denominator: 1n });

const bits = ({ numerator, denominator }: Rational): number =>
  4 * Math.max(numerator.toString(16).length, denominator.toString(16).length);

const bounded = (value: Rational | null): Rational | null =>
  value && bits(value) <= LARGEST_BITS ? value : null;

function combine(
  parts: readonly Expression[],
  operation: (a: Rational, b: Rational) => Rational,
): Rational | null {
  let result: Rational | null = null;
  for (const part of parts) {
    const value = exactValue(part);
    if (!value) return null;
    result = bounded(result ? operation(result, value) : value);
    if (!result) return null;
  }
  return result;
}

function exactPower(base: Expression, exponent: Expression): Rational | null {
  const [value, times] = [exactValue(base), exactValue(exponent)];
  if (!value || times?.denominator !== 1n) return null;
  // 0^0 is left to those who define it.
  if (value.numerator === 0n && times.numerator <= 0n) return null;
  const size = Number(magnitude(times).numerator);
  const isUnit = value.denominator === 1n && (value.numerator === 1n || value.numerator === -1n);
  if (isUnit) return integer(times.numerator % 2n === 0n ? 1n : value.numerator);
  return bits(value) * size <= LARGEST_BITS ? power(value, times.numerator) : null;
}

function exactFunction(name: string, of: Expression): Rational | null {
  const value = exactValue(of);
  if (!value) return null;
  if (name === "abs") return magnitude(value);
  if (name === "floor") return integer(floor(value));
  if (name === "ceil") return integer(-floor(negate(value)));
  if (name === "factorial" && value.denominator === 1n) return factorial(value.numerator);
  return null;
}

function factorial(n: bigint): Rational | null {
  if (n < 0n || n > LARGEST_FACTORIAL) return null;
  let product = 1n;
  for (let factor = 2n; factor <= n; factor++) product *= factor;
  return integer(product);
}

function exactBinomial(of: Expression, choose: Expression): Rational | null {
  const [n, k] = [exactValue(of), exactValue(choose)];
  if (n?.denominator !== 1n || k?.denominator !== 1n) return null;
  if (k.numerator < 0n || k.numerator > LARGEST_FACTORIAL || bits(n) * Number(k.numerator) > LARGEST_BITS)
    return null;
  let result = rational(1n);
  for (let index = 0n; index < k.numerator; index++) {
    result = result && multiply(result, rational(n.numerator - index, index + 1n)!);
  }
  return result;
}
