import { type Document, textOf } from "../document.js";
import { verifyMathematics } from "../mathematics/verify-mathematics.js";
import type { MetricValues } from "../metrics/metric.js";

/** The results of `math500`, a task of this project: whether the answer is that of the solution. */
export async function math500Results(document: Document, response: string): Promise<MetricValues> {
  return { math_verify: Number(await verifyMathematics(textOf(document, "solution"), response)) };
}
