import type { Rational } from "./rational.js";

/** Functions of one argument. */
export const FUNCTIONS = [
  "sin",
  "cos",
  "tan",
  "cot",
  "sec",
  "csc",
  "arcsin",
  "arccos",
  "arctan",
  "sinh",
  "cosh",
  "tanh",
  "ln",
  "exp",
  "abs",
  "floor",
  "ceil",
  "factorial",
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** How two sides of a relation compare. */
export type RelationSign = "=" | "!=" | "<" | "<=" | ">" | ">=";

export interface IntervalExpression {
  readonly kind: "interval";
  readonly low: Expression;
  readonly high: Expression;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
}

/** Sides and what stands between them: one sign fewer than sides. */
export interface RelationExpression {
  readonly kind: "relation";
  readonly sides: readonly Expression[];
  readonly signs: readonly RelationSign[];
}

/** What an answer says. */
export type Expression =
  /** `places`: digits behind the point; null without one. `base`: of another numeral system, where one is written. */
  | {
      readonly kind: "number";
      readonly value: Rational;
      readonly places: number | null;
      readonly base: string | null;
    }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "constant"; readonly name: "pi" | "e" | "infinity" }
  | { readonly kind: "sum"; readonly terms: readonly Expression[] }
  | { readonly kind: "product"; readonly factors: readonly Expression[] }
  | { readonly kind: "negative"; readonly of: Expression }
  | { readonly kind: "quotient"; readonly above: Expression; readonly below: Expression }
  | { readonly kind: "power"; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: "function"; readonly name: FunctionName; readonly of: Expression }
  | { readonly kind: "binomial"; readonly of: Expression; readonly choose: Expression }
  | { readonly kind: "percent"; readonly of: Expression }
  | { readonly kind: "tuple"; readonly elements: readonly Expression[] }
  | { readonly kind: "set"; readonly elements: readonly Expression[] }
  | IntervalExpression
  | { readonly kind: "union"; readonly parts: readonly Expression[] }
  | { readonly kind: "difference"; readonly from: Expression; readonly without: Expression }
  | { readonly kind: "matrix"; readonly rows: readonly (readonly Expression[])[] }
  | RelationExpression;

/** The expressions that an expression is directly made of, in order. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "symbol":
    case "constant":
      return [];
    case "sum":
      return expression.terms;
    case "product":
      return expression.factors;
    case "negative":
    case "function":
    case "percent":
      return [expression.of];
    case "quotient":
      return [expression.above, expression.below];
    case "power":
      return [expression.base, expression.exponent];
    case "binomial":
      return [expression.of, expression.choose];
    case "tuple":
    case "set":
      return expression.elements;
    case "interval":
      return [expression.low, expression.high];
    case "union":
      return expression.parts;
    case "difference":
      return [expression.from, expression.without];
    case "matrix":
      return expression.rows.flat();
    case "relation":
      return expression.sides;
  }
}

/** The names of all symbols in an expression. */
export function symbolsOf(expression: Expression): Set<string> {
  const names = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.kind === "symbol") names.add(part.name);
    for (const inner of partsOf(part)) visit(inner);
  };
  visit(expression);
  return names;
}

/** A text that two expressions have in common if they are written alike, but for the digits of a number. */
export const structuralKey = (expression: Expression): string =>
  JSON.stringify(expression, (key, value: unknown) => {
    if (key === "places") return undefined;
    return typeof value === "bigint" ? value.toString() : value;
  });
