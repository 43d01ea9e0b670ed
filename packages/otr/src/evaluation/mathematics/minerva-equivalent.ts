import { type Expression, partsOf } from "./expression.js";
import { parseLatex } from "./parse-latex.js";
import { LatexSyntaxError } from "./tokenize-latex.js";
import { valuesEqual } from "./values-equal.js";

/** {@link minervaEqual} without a limit of time. */
export function minervaEquivalent(answer: string, target: string): boolean {
  if (answer !== "" && answer === target) return true;
  const [first, second] = [readExpression(answer), readExpression(target)];
  return first !== null && second !== null && valuesEqual(first, second);
}

/** Null where it is no expression that can be subtracted from another. */
function readExpression(latex: string): Expression | null {
  try {
    const expression = parseLatex(latex);
    return isSubtractable(expression) ? expression : null;
  } catch (error) {
    if (error instanceof LatexSyntaxError) return null;
    throw error;
  }
}

const NOT_SUBTRACTABLE: readonly Expression["kind"][] = [
  "set",
  "tuple",
  "interval",
  "union",
  "difference",
  "matrix",
  "relation",
  "percent",
];

function isSubtractable(expression: Expression): boolean {
  if (expression.kind === "number" && expression.base !== null) return false;
  return !NOT_SUBTRACTABLE.includes(expression.kind) && partsOf(expression).every(isSubtractable);
}
