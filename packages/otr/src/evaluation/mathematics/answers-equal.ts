import { decimalsEqual } from "./decimals-equal.js";
import {
  type Expression,
  type IntervalExpression,
  partsOf,
  type RelationExpression,
  type RelationSign,
  structuralKey,
} from "./expression.js";
import { foldCase } from "./fold-case.js";
import { intervalUnion } from "./interval-union.js";
import { proportion } from "./proportion.js";
import { solutionIntervals } from "./solution-intervals.js";
import { valuesEqual } from "./values-equal.js";

/**
 * Whether an answer says what the reference answer says, by the rules of math-verify's `verify(gold, answer)`. They are not
 * symmetric: the reference decides what form the answer may have.
 */
export function answersEqual(gold: Expression, answer: Expression): boolean {
  return compareForms(...foldCase(gold, answer));
}

function compareForms(gold: Expression, answer: Expression): boolean {
  const [wanted, found] = unwrapEquations(shortenAssignment(gold), shortenAssignment(answer));
  if (structuralKey(wanted) === structuralKey(found)) return true;
  if (wanted.kind === "relation" && found.kind === "relation") return relationsEqual(wanted, found);
  if (wanted.kind === "relation") {
    const solutions = isSetLike(found) ? solutionIntervals(wanted) : null;
    return solutions !== null && setsEqual(solutions, found);
  }
  if (found.kind === "relation") return false;
  if (isSetLike(wanted) || isSetLike(found)) return setsEqual(wanted, found);
  if (wanted.kind === "matrix" || found.kind === "matrix") return matricesEqual(wanted, found);
  return namesEqual(wanted, found) || numbersEqual(wanted, found);
}

const isSetLike = ({ kind }: Expression): boolean =>
  ["set", "tuple", "interval", "union", "difference"].includes(kind);

/** A side that only names something: x, f(x), A/B. */
const isName = (side: Expression): boolean =>
  side.kind === "symbol" ||
  (["product", "quotient", "tuple", "interval"].includes(side.kind) && partsOf(side).every(isName));

const isEquation = (side: Expression): side is RelationExpression =>
  side.kind === "relation" && side.signs.every((sign) => sign === "=");

const isAssignment = (side: Expression): side is RelationExpression =>
  isEquation(side) && isName(side.sides[0]!);

/** "x = 1 + 1 = 2" says that x is 2. */
function shortenAssignment(side: Expression): Expression {
  if (!isAssignment(side)) return side;
  return { ...side, sides: [side.sides[0]!, side.sides.at(-1)!], signs: ["="] };
}

/** An equation counts as its last side where only one of the two is one; a gold equation only if it is an assignment. */
function unwrapEquations(gold: Expression, answer: Expression): [Expression, Expression] {
  if (isEquation(answer) && !isEquation(gold)) return [gold, answer.sides.at(-1)!];
  if (isAssignment(gold) && !isEquation(answer)) return [gold.sides.at(-1)!, answer];
  return [gold, answer];
}

/** 9 % is both 0.09 and 9, where both are integers otherwise. */
function numbersEqual(gold: Expression, answer: Expression): boolean {
  if (haveDifferentBases(gold, answer)) return false;
  if (valuesEqual(gold, answer) || decimalsEqual(gold, answer)) return true;
  const [wanted, found] = [gold, answer].map((side) => (side.kind === "percent" ? side.of : side));
  const isOnePercent = (gold.kind === "percent") !== (answer.kind === "percent");
  return isOnePercent && isInteger(wanted!) && isInteger(found!) && valuesEqual(wanted!, found!);
}

const isInteger = (side: Expression): boolean =>
  side.kind === "negative" ? isInteger(side.of) : side.kind === "number" && side.places === null;

function haveDifferentBases(gold: Expression, answer: Expression): boolean {
  if (gold.kind !== "number" || answer.kind !== "number") return false;
  return gold.base !== null && answer.base !== null && gold.base !== answer.base;
}

/** Names in any case, also where one is written in letters side by side. */
function namesEqual(gold: Expression, answer: Expression): boolean {
  if (gold.kind !== "symbol" && answer.kind !== "symbol") return false;
  const [wanted, found] = [nameOf(gold), nameOf(answer)];
  return wanted !== null && found !== null && wanted.toLowerCase() === found.toLowerCase();
}

function nameOf(side: Expression): string | null {
  if (side.kind === "symbol") return side.name;
  if (side.kind === "constant" && side.name === "e") return "e";
  if (side.kind !== "product") return null;
  const names = side.factors.map(nameOf);
  return names.includes(null) ? null : names.join("");
}

function matricesEqual(gold: Expression, answer: Expression): boolean {
  if (gold.kind !== "matrix" || answer.kind !== "matrix") return false;
  if (gold.rows.length !== answer.rows.length) return false;
  return gold.rows.every((row, index) => listsEqual(row, answer.rows[index]!));
}

const listsEqual = (gold: readonly Expression[], answer: readonly Expression[]): boolean =>
  gold.length === answer.length && gold.every((element, index) => compareForms(element, answer[index]!));

/** Each element of one has its own partner in the other. Equality being transitive, the first that fits is the right one. */
function sameElements(gold: readonly Expression[], answer: readonly Expression[]): boolean {
  if (gold.length !== answer.length) return false;
  const left = [...answer];
  return gold.every((element) => {
    const partner = left.findIndex((candidate) => compareForms(element, candidate));
    if (partner >= 0) left.splice(partner, 1);
    return partner >= 0;
  });
}

/** Without elements that say the same as an earlier one; a set has none twice. */
const distinct = (elements: readonly Expression[]): Expression[] =>
  elements.filter(
    (element, index) => !elements.slice(0, index).some((earlier) => compareForms(earlier, element)),
  );

function setsEqual(gold: Expression, answer: Expression): boolean {
  if (gold.kind === "interval" && answer.kind === "interval") return intervalsEqual(gold, answer);
  const [wanted, found] = [intervalUnion(gold), intervalUnion(answer)];
  if (wanted && found) {
    return (
      wanted.length === found.length && wanted.every((part, index) => intervalsEqual(part, found[index]!))
    );
  }
  const [elements, others] = [elementsOf(gold), elementsOf(answer)];
  if (!elements || !others) return false;
  // Order counts only for a pair or tuple of the reference: "1, 2" may be (1, 2), but (2, 1) is not.
  const isOrdered = gold.kind === "tuple" || gold.kind === "interval";
  if (!isOrdered) return sameElements(distinct(elements), distinct(others));
  return listsEqual(elements, others);
}

const intervalsEqual = (gold: IntervalExpression, answer: IntervalExpression): boolean =>
  gold.lowOpen === answer.lowOpen &&
  gold.highOpen === answer.highOpen &&
  compareForms(gold.low, answer.low) &&
  compareForms(gold.high, answer.high);

/** Elements in the order written, of an open interval its ends: (1, 2) may be a pair. */
function elementsOf(side: Expression): readonly Expression[] | null {
  if (side.kind === "set" || side.kind === "tuple") return side.elements;
  if (side.kind === "interval") return side.lowOpen && side.highOpen ? [side.low, side.high] : null;
  return isSetLike(side) ? null : [side];
}

const OPPOSITE: Readonly<Record<RelationSign, RelationSign>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** Each comparison of a chain says the same as the one in its place, written from either end. */
function relationsEqual(gold: RelationExpression, answer: RelationExpression): boolean {
  if (gold.sides.length !== answer.sides.length) return false;
  const turned: RelationExpression = {
    kind: "relation",
    sides: answer.sides.toReversed(),
    signs: answer.signs.toReversed().map((sign) => OPPOSITE[sign]),
  };
  return [answer, turned].some((relation) =>
    gold.signs.every((_, index) => comparisonsEqual(comparison(gold, index), comparison(relation, index))),
  );
}

interface Comparison {
  readonly left: Expression;
  readonly sign: RelationSign;
  readonly right: Expression;
}

const comparison = ({ sides, signs }: RelationExpression, index: number): Comparison => ({
  left: sides[index]!,
  sign: signs[index]!,
  right: sides[index + 1]!,
});

function comparisonsEqual(gold: Comparison, answer: Comparison): boolean {
  if (
    gold.sign === answer.sign &&
    compareForms(gold.left, answer.left) &&
    compareForms(gold.right, answer.right)
  ) {
    return true;
  }
  const difference = ({ left, right }: Comparison): Expression => ({
    kind: "sum",
    terms: [left, { kind: "negative", of: right }],
  });
  const sign = proportion(difference(gold), difference(answer));
  return sign !== null && gold.sign === (sign > 0 ? answer.sign : OPPOSITE[answer.sign]);
}
