/** @file Functions of the tasks `minerva_math*`, as the Minerva paper (Lewkowycz et al., arXiv 2206.14858) scores MATH. */
import { type Document, textOf } from "../document.js";
import { minervaEqual } from "../mathematics/minerva-equal.js";
import { normalizeFinalAnswer } from "../mathematics/normalize-final-answer.js";
import { verifyMathematics } from "../mathematics/verify-mathematics.js";
import type { MetricValues } from "../metrics/metric.js";
import { boxedAnswer } from "./boxed-answer.js";

/** Rows with the normalised content of the solution's last box as `answer`. */
export const processDocs = (documents: readonly Document[]): Document[] =>
  documents.map((document) => ({
    ...document,
    answer: normalizeFinalAnswer(boxedAnswer(textOf(document, "solution"))),
  }));

/** `exact_match`: the sentence that the examples end with, normalised; `math_verify`: the whole answer against the solution. */
export async function processResults(document: Document, response: string): Promise<MetricValues> {
  const answer = normalizeFinalAnswer(finalAnswer(response));
  return {
    exact_match: Number(await minervaEqual(answer, textOf(document, "answer"))),
    math_verify: Number(await verifyMathematics(textOf(document, "solution"), response)),
  };
}

const SENTENCE = /Final Answer: The final answer is([^\n]*?)[^\n] I hope it is correct[^\n]/;

/** What the sentence at the end of an answer says; the sentence is completed where the answer was cut. */
function finalAnswer(response: string): string {
  const found = SENTENCE.exec(`${response}I hope it is correct.`);
  return found === null ? "[invalidanswer]" : found[1]!.trim();
}
