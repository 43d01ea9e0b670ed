/** @file Instructions about the number of sentences, paragraphs and words. */
import { PythonRegex } from "../python-regex.js";
import { strip, type InstructionKind } from "./instruction.js";
import { splitSentences } from "./split-sentences.js";

const WORD = new PythonRegex("\\w+");
const DIVIDER = new PythonRegex("\\s?\\*\\*\\*\\s?");
const WHITE_SPACE = new PythonRegex("\\s+");

/** So many sentences. */
export const numberSentences: InstructionKind = (settings) => {
  const isRight = settings.comparison("relation", "num_sentences");
  return (answer) => isRight(splitSentences(answer).length);
};

/** So many words: runs of letters, digits and underscores. */
export const numberWords: InstructionKind = (settings) => {
  const isRight = settings.comparison("relation", "num_words");
  return (answer) => isRight(WORD.findAll(answer).length);
};

/** Exactly so many paragraphs, between lines of `***`; only the first and the last may be empty, and do not count then. */
export const numberParagraphs: InstructionKind = (settings) => {
  const wanted = settings.count("num_paragraphs");
  return (answer) => {
    const paragraphs = DIVIDER.split(answer).map(strip);
    const inner = paragraphs.slice(1, -1);
    return !inner.includes("") && paragraphs.filter((paragraph) => paragraph !== "").length === wanted;
  };
};

/** Exactly so many paragraphs, between empty lines, and one of them begins with a word. */
export const nthParagraphFirstWord: InstructionKind = (settings) => {
  const wanted = settings.count("num_paragraphs");
  const nth = settings.count("nth_paragraph");
  const word = settings.text("first_word").toLowerCase();
  return (answer) => {
    const paragraphs = answer.split("\n\n").map(strip);
    const count = paragraphs.filter((paragraph) => paragraph !== "").length;
    // The nth is counted with empty ones, the total without: so does the harness.
    const paragraph = nth > count ? "" : (paragraphs[nth - 1] ?? "");
    return paragraph !== "" && count === wanted && firstWord(paragraph) === word;
  };
};

/** Without quotation marks before it, up to a mark that ends or interrupts. */
function firstWord(paragraph: string): string {
  const [first = ""] = WHITE_SPACE.split(paragraph);
  return first
    .replace(/^'*"*/, "")
    .split(/[.,?!'"]/, 1)[0]!
    .toLowerCase();
}
