import type { Expression, RelationExpression } from "./expression.js";

const INFINITY: Expression = { kind: "constant", name: "infinity" };
const MINUS_INFINITY: Expression = { kind: "negative", of: INFINITY };

/**
 * The numbers that an inequality of one symbol allows, as an interval: `1 < x \le 2`, `x > 3`, `3 < x`; `x \ne 2` as the
 * reals without a point. Null for any other relation.
 */
export function solutionIntervals({ sides, signs }: RelationExpression): Expression | null {
  const [first, second, third] = sides;
  const [sign, next] = signs;
  if (sides.length === 3 && second!.kind === "symbol") {
    if (!sign!.startsWith("<") && !sign!.startsWith(">")) return null;
    if (next![0] !== sign![0]) return null;
    const rises = sign!.startsWith("<");
    const [low, high] = rises ? [first!, third!] : [third!, first!];
    const [lowSign, highSign] = rises ? [sign!, next!] : [next!, sign!];
    return { kind: "interval", low, high, lowOpen: lowSign.length === 1, highOpen: highSign.length === 1 };
  }
  if (sides.length !== 2) return null;
  const isSymbolFirst = first!.kind === "symbol";
  if (!isSymbolFirst && second!.kind !== "symbol") return null;
  const bound = isSymbolFirst ? second! : first!;
  const reals: Expression = {
    kind: "interval",
    low: MINUS_INFINITY,
    high: INFINITY,
    lowOpen: true,
    highOpen: true,
  };
  if (sign === "!=") return { kind: "difference", from: reals, without: { kind: "set", elements: [bound] } };
  if (sign === "=") return null;
  const isOpen = sign!.length === 1;
  const isAbove = sign!.startsWith(">") === isSymbolFirst;
  return isAbove ? { ...reals, low: bound, lowOpen: isOpen } : { ...reals, high: bound, highOpen: isOpen };
}
