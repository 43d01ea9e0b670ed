/** @file OpenR1-Math's rows of {problem, generations, correctness}: every generation that is correct and complete. */
import { isPresent, kindOf, listOrValue, textOf, textProblem } from "./column-values.js";
import { questionAndAnswer } from "./question-and-answer.js";
import type { RowForm, SourceRow } from "./row-form.js";

/** Who marked the generations: a program, and a model that looked at those that the program refused. */
const MARKS = ["correctness", "correctness_math_verify", "correctness_llama"];
const COMPLETE = "is_reasoning_complete";

export const openR1Math: RowForm = {
  title: "OpenR1-Math {problem, generations, correctness}",
  columns: ["problem", "generations", ...MARKS, COMPLETE],
  recognises: (has) => has("problem") && has("generations"),
  parse(source, context) {
    const wrong = textProblem(source, "problem");
    if (wrong !== null) return wrong;
    const generations = listOrValue(source.generations);
    if (!Array.isArray(generations) || !generations.every((text) => typeof text === "string")) {
      return `"generations" is ${kindOf(generations)}; it must be a list of texts`;
    }
    const marks = MARKS.filter((column) => isPresent(source[column]));
    if (marks.length === 0) {
      return `has no "${MARKS[1]}"; without it nobody knows which of the generations are correct`;
    }
    const lists = new Map<string, readonly unknown[]>();
    for (const column of [...marks, COMPLETE]) {
      const list = marksOf(source, column, generations.length);
      if (typeof list === "string") return list;
      lists.set(column, list);
    }
    const isTaken = (at: number): boolean =>
      marks.some((column) => lists.get(column)![at] === true) && lists.get(COMPLETE)![at] !== false;
    return generations
      .filter((text, at) => isTaken(at) && text.trim() !== "")
      .map((text) => questionAndAnswer(textOf(source, "problem"), text, context));
  },
};

/** A mark for each generation; an empty list where the column is missing. */
function marksOf(source: SourceRow, column: string, count: number): readonly unknown[] | string {
  if (!isPresent(source[column])) return [];
  const list = listOrValue(source[column]);
  if (!Array.isArray(list)) return `"${column}" is ${kindOf(list)}; it must be a list of true and false`;
  if (list.length === count) return list;
  return `"${column}" has ${list.length} marks for ${count} generations; it must have one for each`;
}
