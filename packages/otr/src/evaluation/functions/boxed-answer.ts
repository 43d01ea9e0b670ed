/** @file The answer of a solution from the MATH data set: what stands in its last box. */

import { RowError } from "../document.js";

/**
 * The content of the last `\boxed{...}`, `\fbox{...}` or `\boxed ...` of a solution.
 * @throws {RowError} where there is none
 */
export function boxedAnswer(solution: string): string {
  const spaced = solution.split("\\boxed ");
  if (spaced.length > 1) return spaced.at(-1)!.split("$", 1)[0]!;
  const boxed = solution.lastIndexOf("\\boxed");
  const start = boxed < 0 ? solution.lastIndexOf("\\fbox") : boxed;
  const end = start < 0 ? null : closingBrace(solution, start);
  const opening = "\\boxed{";
  if (end === null || !solution.startsWith(opening, start))
    throw new RowError("needs a solution with a \\boxed{...} answer");
  return solution.slice(start + opening.length, end);
}

function closingBrace(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth += 1;
    if (text[at] !== "}") continue;
    depth -= 1;
    if (depth === 0) return at;
  }
  return null;
}
