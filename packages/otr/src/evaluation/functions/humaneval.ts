/** @file Functions of the tasks `humaneval*` (Chen et al., arXiv 2107.03374). */
import { type Document, textOf } from "../document.js";

/** The programs: the function's beginning, and what the model wrote behind it. */
export const buildPredictions = (responses: readonly string[], document: Document): string[] =>
  responses.map((response) => textOf(document, "prompt") + response);

/** The same, of an answer that may end a fenced block and say more. */
export const buildPredictionsInstruct = (responses: readonly string[], document: Document): string[] =>
  responses.map((response) => textOf(document, "prompt") + response.split("```", 1)[0]!);
