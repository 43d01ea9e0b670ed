import { Decimal } from "decimal.js";
import { exactValue } from "./exact-value.js";
import type { Expression, FunctionName } from "./expression.js";
import type { Rational } from "./rational.js";

/** Values of symbols by name. */
export type Assignment = ReadonlyMap<string, Rational>;

/** A constructor of decimal.js with a number of significant digits. */
export const decimalsOf = (precision: number): typeof Decimal => Decimal.clone({ precision, defaults: true });

const ONE_ARGUMENT: Partial<Record<FunctionName, (value: Decimal) => Decimal>> = {
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  tan: (x) => x.tan(),
  cot: (x) => x.cos().div(x.sin()),
  sec: (x) => x.cos().pow(-1),
  csc: (x) => x.sin().pow(-1),
  arcsin: (x) => x.asin(),
  arccos: (x) => x.acos(),
  arctan: (x) => x.atan(),
  sinh: (x) => x.sinh(),
  cosh: (x) => x.cosh(),
  tanh: (x) => x.tanh(),
  ln: (x) => x.ln(),
  exp: (x) => x.exp(),
  abs: (x) => x.abs(),
  floor: (x) => x.floor(),
  ceil: (x) => x.ceil(),
};

/** The largest argument of a function of angles: beyond it the digits of pi that reducing it takes are too many. */
const LARGEST_ANGLE = 1e6;
const ANGLES: readonly FunctionName[] = ["sin", "cos", "tan", "cot", "sec", "csc"];
const LARGEST_FACTORIAL = 100;

/**
 * The value of an expression in real numbers where its symbols have values, rounded to the digits of a constructor of
 * decimal.js; NaN where it is not defined there.
 */
export function numericValue(expression: Expression, symbols: Assignment, Digits: typeof Decimal): Decimal {
  const value = (part: Expression): Decimal => numericValue(part, symbols, Digits);
  const undefined_ = new Digits(Number.NaN);
  switch (expression.kind) {
    case "number":
      return fromRational(expression.value, Digits);
    case "symbol": {
      const given = symbols.get(expression.name);
      return given ? fromRational(given, Digits) : undefined_;
    }
    case "constant":
      if (expression.name === "infinity") return new Digits(Number.POSITIVE_INFINITY);
      return expression.name === "e" ? Digits.exp(1) : Digits.acos(-1);
    case "sum":
      return expression.terms.map(value).reduce((sum, term) => sum.plus(term));
    case "product":
      return expression.factors.map(value).reduce((product, factor) => product.times(factor));
    case "negative":
      return value(expression.of).neg();
    case "percent":
      return value(expression.of).div(100);
    case "quotient": {
      const below = value(expression.below);
      return below.isZero() ? undefined_ : value(expression.above).div(below);
    }
    case "power":
      return powerOf(expression.base, expression.exponent, value);
    case "function": {
      const of = value(expression.of);
      if (expression.name === "factorial") return factorialOf(of, Digits);
      if (ANGLES.includes(expression.name) && of.abs().gt(LARGEST_ANGLE)) return undefined_;
      return ONE_ARGUMENT[expression.name]!(of);
    }
    case "binomial": {
      const [of, choose] = [value(expression.of), value(expression.choose)];
      return factorialOf(of, Digits).div(
        factorialOf(choose, Digits).times(factorialOf(of.minus(choose), Digits)),
      );
    }
    default:
      return undefined_;
  }
}

export const fromRational = ({ numerator, denominator }: Rational, Digits: typeof Decimal): Decimal =>
  new Digits(numerator.toString()).div(denominator.toString());

/** A root of odd degree of a negative number is not real here: LaTeX does not tell which of the roots is meant. */
function powerOf(base: Expression, exponent: Expression, value: (part: Expression) => Decimal): Decimal {
  const of = value(base);
  const times = exactValue(exponent);
  if (times?.numerator === 1n && times.denominator === 2n) return of.sqrt();
  return of.pow(value(exponent));
}

function factorialOf(value: Decimal, Digits: typeof Decimal): Decimal {
  if (!value.isInteger() || value.isNegative() || value.gt(LARGEST_FACTORIAL)) return new Digits(Number.NaN);
  let product = new Digits(1);
  for (let factor = 2; value.gte(factor); factor++) product = product.times(factor);
  return product;
}
