import type { Expression } from "./expression.js";
import { EXTRACTION_PATTERNS, type ExtractionPattern } from "./extraction-patterns.js";
import { normalizeLatex } from "./normalize-latex.js";
import { parseLatex } from "./parse-latex.js";
import { negate, parseDecimal } from "./rational.js";
import { LatexSyntaxError } from "./tokenize-latex.js";

/** What was found in a text: the answer, and the text of the best place whether it could be read or not. */
export interface ExtractedAnswer {
  readonly expression: Expression | null;
  readonly text: string | null;
}

interface Reading {
  readonly expression: Expression | null;
  readonly text: string;
}

/**
 * The answer of a text, found as math-verify's `parse` finds it: "final answer is X. I hope", then "final answer is" and
 * boxes, then "answer:", "answer", and the last formula or number of all; of equals the last one that can be read.
 */
export function extractAnswer(text: string): ExtractedAnswer {
  let fallback: string | null = null;
  for (const priority of [...new Set(EXTRACTION_PATTERNS.map((pattern) => pattern.priority))].sort(
    (a, b) => a - b,
  )) {
    for (const { match, kind } of matchesOf(text, priority)) {
      const reading = kind === "latex" ? readLatex(match) : readPlain(match);
      if (reading.text !== "") fallback ??= reading.text;
      if (reading.expression) return { expression: reading.expression, text: fallback };
    }
  }
  return { expression: null, text: fallback };
}

interface Match {
  readonly match: RegExpMatchArray;
  readonly kind: ExtractionPattern["kind"];
}

/** All places of one priority, the last end first; of equals the longest. */
function matchesOf(text: string, priority: number): Match[] {
  const patterns = EXTRACTION_PATTERNS.filter(
    (pattern) => pattern.priority === priority && (pattern.needs === null || pattern.needs.test(text)),
  );
  const matches = patterns.flatMap(({ pattern, kind }) =>
    Array.from(text.matchAll(pattern), (match) => ({ match, kind, end: match.index + match[0].length })),
  );
  return matches.sort((a, b) => b.end - a.end || a.match.index - b.match.index);
}

function readLatex({ groups = {} }: RegExpMatchArray): Reading {
  const found = Object.entries(groups).flatMap(([name, latex]) => {
    if (!latex || name.endsWith("Percent")) return [];
    const isPercent = groups[`${name.slice(0, 2)}Percent`] !== undefined;
    const text = normalizeLatex(latex, name === "boxed" ? "last" : "all");
    const expression = readFormula(text);
    return { text, expression: expression && isPercent ? percent(expression) : expression };
  });
  const expressions = found.flatMap(({ expression }) => expression ?? []);
  if (found.length > 1 && expressions.length === found.length) {
    const elements = expressions.flatMap((part) => (part.kind === "set" ? part.elements : [part]));
    return { expression: { kind: "set", elements }, text: found.map(({ text }) => text).join(" and ") };
  }
  return { expression: found[0]?.expression ?? null, text: found[0]?.text ?? "" };
}

const percent = (of: Expression): Expression => ({ kind: "percent", of });

/** A formula, or else the last side of a chain of equations. */
function readFormula(latex: string): Expression | null {
  const whole = tryParse(latex);
  if (whole || /[,;]/.test(latex)) return whole;
  const sides = latex.split(/(?<!\\|<|!|>)=/);
  return sides.length > 2 ? tryParse(sides.at(-1)!) : null;
}

function tryParse(latex: string): Expression | null {
  try {
    return parseLatex(latex);
  } catch (error) {
    if (error instanceof LatexSyntaxError) return null;
    throw error;
  }
}

function readPlain({ groups = {} }: RegExpMatchArray): Reading {
  const { expression } = groups;
  if (expression) return { expression: tryParse(expression.replace(/[×÷]/g, "?")), text: expression };
  const written = groups.integer1 ?? groups.integer2 ?? groups.integer3 ?? "";
  const decimal = (groups.decimal1 ?? groups.decimal2 ?? groups.decimal3 ?? "").replace(",", ".");
  const integer = written.replace(/[ ,]/g, "").replace(/^0+/, "") || "0";
  const text = `${integer}${decimal}`;
  const digits = text.replace("-", "");
  const value = parseDecimal(digits);
  const number: Expression = {
    kind: "number",
    value: digits === text ? value : negate(value),
    places: decimal === "" ? null : decimal.length - 1,
    base: null,
  };
  return { expression: groups.percent ? percent(number) : number, text };
}
