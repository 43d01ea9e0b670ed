/** @file Functions of the task `winogrande` (Sakaguchi et al., arXiv 1907.10641), scored as Trinh and Le do (arXiv 1806.02847). */
import { pythonText } from "../../data/python-text.js";
import { type Document, RowError, textOf } from "../document.js";

/** Which option is right. */
export function docToText(document: Document): number {
  const answer = textOf(document, "answer");
  if (answer === "1" || answer === "2") return Number(answer) - 1;
  throw new RowError('needs "1" or "2" in the column answer');
}

/** What follows the gap. */
export function docToTarget(document: Document): string {
  const sentence = textOf(document, "sentence");
  const rest = sentence.slice(gapOf(sentence) + 1);
  return pythonText("strip", rest, undefined) ?? rest;
}

/** What stands before the gap, with each option in it. */
export function docToChoice(document: Document): string[] {
  const sentence = textOf(document, "sentence");
  const before = sentence.slice(0, gapOf(sentence));
  return [before + textOf(document, "option1"), before + textOf(document, "option2")];
}

function gapOf(sentence: string): number {
  const at = sentence.indexOf("_");
  if (at < 0) throw new RowError("needs a sentence with a gap (_)");
  return at;
}
