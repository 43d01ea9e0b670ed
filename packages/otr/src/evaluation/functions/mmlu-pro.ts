/** @file Functions of the tasks `mmlu_pro*` (Wang et al., arXiv 2406.01574). */
import { pythonText } from "../../data/python-text.js";
import { type Document, textOf, textsOf } from "../document.js";

const LETTERS = "ABCDEFGHIJ";

const SUBJECTS = [
  "biology",
  "business",
  "chemistry",
  "computer science",
  "economics",
  "engineering",
  "health",
  "history",
  "law",
  "math",
  "other",
  "philosophy",
  "physics",
  "psychology",
];

/** By the function's name: the rows of one subject. */
export const processSubjects = Object.fromEntries(
  SUBJECTS.map((subject) => [
    `mmlu_pro.process_${subject.replace(" ", "_")}`,
    (documents: readonly Document[]) =>
      documents.filter((document) => textOf(document, "category") === subject),
  ]),
);

/** The question with its options, up to where the reasoning begins. */
export function docToText(document: Document): string {
  const options = textsOf(document, "options").slice(0, LETTERS.length);
  const listed = options.map((option, at) => `${LETTERS[at]}. ${pythonText("strip", option, undefined)}\n`);
  return `Question:\n${textOf(document, "question")}\nOptions:\n${listed.join("")}Answer: Let's think step by step.`;
}

/** The reasoning of an example, without the words that its question ends with. */
export const fewShotToTarget = (document: Document): string =>
  textOf(document, "cot_content").replaceAll("A: Let's think step by step. ", "");
