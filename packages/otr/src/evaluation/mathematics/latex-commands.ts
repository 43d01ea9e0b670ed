/** @file The commands and signs of LaTeX that answers are made of. */
import { FUNCTIONS, type FunctionName, type RelationSign } from "./expression.js";

/** What stands between the sides of a relation; "is in" counts as "is". */
export const RELATIONS: ReadonlyMap<string, RelationSign> = new Map<string, RelationSign>([
  ["=", "="],
  ["<", "<"],
  [">", ">"],
  ["\\lt", "<"],
  ["\\gt", ">"],
  ["\\le", "<="],
  ["\\leq", "<="],
  ["\\leqslant", "<="],
  ["\\ge", ">="],
  ["\\geq", ">="],
  ["\\geqslant", ">="],
  ["\\ne", "!="],
  ["\\neq", "!="],
  ["\\in", "="],
]);

/** Functions whose argument needs no parentheses. */
export const FUNCTION_COMMANDS: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ...FUNCTIONS.filter((name) => !["abs", "floor", "ceil", "factorial"].includes(name)).map(
    (name) => [name, name] as const,
  ),
  ["asin", "arcsin"],
  ["acos", "arccos"],
  ["atan", "arctan"],
  ["cosec", "csc"],
]);

/** What the power -1 in front of an argument makes of a function. */
export const INVERSES: Partial<Record<FunctionName, FunctionName>> = {
  sin: "arcsin",
  cos: "arccos",
  tan: "arctan",
};

/** Commands that are names of quantities. */
export const SYMBOL_COMMANDS = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho varrho sigma tau " +
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath " +
    "angle triangle"
  ).split(" "),
);

export const FRACTIONS = new Set(["frac", "dfrac", "tfrac", "cfrac"]);

/** Sets of numbers by their letter. */
export const NUMBER_SETS: ReadonlyMap<string, string> = new Map([
  ["R", "reals"],
  ["Z", "integers"],
  ["N", "naturals"],
  ["Q", "rationals"],
  ["C", "complexes"],
]);

/** The closing sign that belongs to an opening one. Intervals may mix "(" and "[". */
export const CLOSINGS: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
  ["\\{", "\\}"],
  ["\\lbrace", "\\rbrace"],
  ["\\lfloor", "\\rfloor"],
  ["\\lceil", "\\rceil"],
  ["|", "|"],
  ["\\lvert", "\\rvert"],
  ["\\vert", "\\vert"],
]);
