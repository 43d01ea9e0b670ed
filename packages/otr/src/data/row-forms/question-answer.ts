/** @file Rows of a question and its answer, under the names that published data sets give them. */
import { optionalTextProblem, textOf, textProblem } from "./column-values.js";
import { questionAndAnswer } from "./question-and-answer.js";
import type { RowForm } from "./row-form.js";

/** GSM8K; NuminaMath and MATH; MetaMathQA. */
export const questionAnswer: RowForm = pairForm("question", "answer");
export const problemSolution: RowForm = pairForm("problem", "solution");
export const queryResponse: RowForm = pairForm("query", "response");

function pairForm(question: string, answer: string): RowForm {
  return {
    title: `{${question}, ${answer}}`,
    columns: [question, answer],
    recognises: (has, source) => has(question) && answer in source,
    parse(source, context) {
      const wrong = textProblem(source, question) ?? optionalTextProblem(source, answer);
      if (wrong !== null) return wrong;
      const given = textOf(source, answer);
      return given.trim() === "" ? [] : [questionAndAnswer(textOf(source, question), given, context)];
    },
  };
}
