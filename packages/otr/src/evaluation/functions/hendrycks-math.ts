/** @file Functions of the tasks `hendrycks_math*`, as the MATH paper (Hendrycks et al., arXiv 2103.03874) scores. */
import { type Document, textOf } from "../document.js";
import { hendrycksEqual } from "../mathematics/hendrycks-equal.js";
import type { MetricValues } from "../metrics/metric.js";
import { boxedAnswer } from "./boxed-answer.js";

/** Rows with the content of the solution's last box as `answer`. */
export const processDocs = (documents: readonly Document[]): Document[] =>
  documents.map((document) => ({ ...document, answer: boxedAnswer(textOf(document, "solution")) }));

/** The answer is what stands between the first and the last dollar sign; all of it where there are not two. */
export async function processResults(document: Document, response: string): Promise<MetricValues> {
  const [first, last] = [response.indexOf("$"), response.lastIndexOf("$")];
  const answer = first === last ? response : response.slice(first + 1, last);
  return { exact_match: Number(hendrycksEqual(answer, boxedAnswer(textOf(document, "solution")))) };
}
