import { type Expression, symbolsOf } from "./expression.js";

/**
 * Two expressions with their names in lower case, since who writes X means x. Where one of them uses both cases of a name
 * (R and r), both stay as they are: to math-verify, which always folds, R - r is 0.
 */
export function foldCase(first: Expression, second: Expression): [Expression, Expression] {
  const clashes = [first, second].some((side) => {
    const names = [...symbolsOf(side)];
    return new Set(names.map((name) => name.toLowerCase())).size < names.length;
  });
  return clashes ? [first, second] : [folded(first), folded(second)];
}

function folded(side: Expression): Expression {
  const each = (parts: readonly Expression[]) => parts.map(folded);
  switch (side.kind) {
    case "number":
    case "constant":
      return side;
    case "symbol":
      return { ...side, name: side.name.toLowerCase() };
    case "sum":
      return { ...side, terms: each(side.terms) };
    case "product":
      return { ...side, factors: each(side.factors) };
    case "negative":
    case "function":
    case "percent":
      return { ...side, of: folded(side.of) };
    case "quotient":
      return { ...side, above: folded(side.above), below: folded(side.below) };
    case "power":
      return { ...side, base: folded(side.base), exponent: folded(side.exponent) };
    case "binomial":
      return { ...side, of: folded(side.of), choose: folded(side.choose) };
    case "tuple":
    case "set":
      return { ...side, elements: each(side.elements) };
    case "interval":
      return { ...side, low: folded(side.low), high: folded(side.high) };
    case "union":
      return { ...side, parts: each(side.parts) };
    case "difference":
      return { ...side, from: folded(side.from), without: folded(side.without) };
    case "matrix":
      return { ...side, rows: side.rows.map(each) };
    case "relation":
      return { ...side, sides: each(side.sides) };
  }
}
