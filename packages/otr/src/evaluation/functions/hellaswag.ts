/** @file Functions of the task `hellaswag` (Zellers et al., arXiv 1905.07830). */
import { pythonText } from "../../data/python-text.js";
import { type Document, textOf, textsOf } from "../document.js";

/** Rows with question, choices and the number of the right one. */
export const processDocs = (documents: readonly Document[]): Document[] =>
  documents.map((document) => {
    const second = pythonText("capitalize", textOf(document, "ctx_b"), undefined);
    return {
      ...document,
      query: cleaned(`${textOf(document, "activity_label")}: ${textOf(document, "ctx_a")} ${second}`),
      choices: textsOf(document, "endings").map(cleaned),
      gold: Number(document.label),
    };
  });

/** Without the marks of WikiHow. */
function cleaned(text: string): string {
  const stripped = pythonText("strip", text, undefined) ?? text;
  return stripped
    .replaceAll(" [title]", ". ")
    .replace(/\[[^\n]*?\]/g, "")
    .replaceAll("  ", " ");
}
