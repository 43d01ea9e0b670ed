import type { Decimal } from "decimal.js";
import type { Expression, IntervalExpression } from "./expression.js";
import { decimalsOf, numericValue } from "./numeric-value.js";

const Digits = decimalsOf(30);

interface Piece {
  readonly interval: IntervalExpression;
  readonly low: Decimal;
  readonly high: Decimal;
}

/**
 * The intervals that an interval, a union, or a set without some points comes to, in rising order and those that touch
 * made one; null for anything else, and where an end is no number.
 */
export function intervalUnion(side: Expression): IntervalExpression[] | null {
  if (side.kind !== "interval" && side.kind !== "union" && side.kind !== "difference") return null;
  const pieces = piecesOf(side);
  if (!pieces || pieces.some(({ low, high }) => low.isNaN() || high.isNaN() || low.gt(high))) return null;
  const merged: Piece[] = [];
  for (const next of pieces.sort(
    (a, b) => a.low.cmp(b.low) || Number(a.interval.lowOpen) - Number(b.interval.lowOpen),
  )) {
    const last = merged.at(-1);
    if (last && touches(last, next)) merged[merged.length - 1] = joined(last, next);
    else merged.push(next);
  }
  return merged.map(({ interval }) => interval);
}

function piecesOf(side: Expression): Piece[] | null {
  if (side.kind === "interval") return [piece(side)];
  if (side.kind === "set") {
    return side.elements.map((point) => piece(interval(point, point, false, false)));
  }
  if (side.kind === "union") {
    const parts = side.parts.map(piecesOf);
    return parts.includes(null) ? null : parts.flatMap((part) => part!);
  }
  if (side.kind !== "difference" || side.without.kind !== "set") return null;
  const { elements } = side.without;
  return elements.reduce<Piece[] | null>(
    (pieces, point) => pieces && without(pieces, point),
    piecesOf(side.from),
  );
}

const interval = (
  low: Expression,
  high: Expression,
  lowOpen: boolean,
  highOpen: boolean,
): IntervalExpression => ({
  kind: "interval",
  low,
  high,
  lowOpen,
  highOpen,
});

const piece = (of: IntervalExpression): Piece => ({
  interval: of,
  low: numericValue(of.low, new Map(), Digits),
  high: numericValue(of.high, new Map(), Digits),
});

function without(pieces: readonly Piece[], point: Expression): Piece[] | null {
  const at = numericValue(point, new Map(), Digits);
  if (!at.isFinite()) return null;
  return pieces.flatMap((part) => {
    const { low, high, lowOpen, highOpen } = part.interval;
    if (at.lt(part.low) || at.gt(part.high)) return [part];
    const below = at.gt(part.low) ? [piece(interval(low, point, lowOpen, true))] : [];
    const above = at.lt(part.high) ? [piece(interval(point, high, true, highOpen))] : [];
    return [...below, ...above];
  });
}

const touches = (last: Piece, next: Piece): boolean =>
  next.low.lt(last.high) || (next.low.eq(last.high) && !(next.interval.lowOpen && last.interval.highOpen));

function joined(last: Piece, next: Piece): Piece {
  const reachesFurther = next.high.gt(last.high) || (next.high.eq(last.high) && !next.interval.highOpen);
  if (!reachesFurther) return last;
  const { high, highOpen } = next.interval;
  return { ...last, high: next.high, interval: { ...last.interval, high, highOpen } };
}
