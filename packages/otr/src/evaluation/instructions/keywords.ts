/** @file Instructions about words and letters. A word is a regular expression without regard to case, as in the harness. */
import { PythonRegex } from "../python-regex.js";
import { strip, type InstructionKind } from "./instruction.js";

/** Every word is there. */
export const existence: InstructionKind = (settings) => {
  const words = settings.texts("keywords").map((word) => new PythonRegex(`(?i)${word}`));
  return (answer) => words.every((word) => word.isIn(answer));
};

/** A word is there so many times. */
export const frequency: InstructionKind = (settings) => {
  const word = new PythonRegex(`(?i)${strip(settings.text("keyword"))}`);
  const isRight = settings.comparison("relation", "frequency");
  return (answer) => isRight(word.findAll(answer).length);
};

/** None of the words is there as a word of its own. */
export const forbiddenWords: InstructionKind = (settings) => {
  const words = settings.texts("forbidden_words").map((word) => new PythonRegex(`(?i)\\b${word}\\b`));
  return (answer) => !words.some((word) => word.isIn(answer));
};

/** A letter, small or capital, is there so many times. */
export const letterFrequency: InstructionKind = (settings) => {
  const letter = settings.text("letter").toLowerCase();
  const isRight = settings.comparison("let_relation", "let_frequency");
  return (answer) => isRight(answer.toLowerCase().split(letter).length - 1);
};
