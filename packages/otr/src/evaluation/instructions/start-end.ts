/** @file Instructions about the first and the last words of an answer. */
import { strip, stripCharacters, type InstructionKind } from "./instruction.js";

/** A phrase at the end, without regard to case or quotation marks around the answer. */
export const endChecker: InstructionKind = (settings) => {
  const phrase = strip(settings.text("end_phrase")).toLowerCase();
  return (answer) => stripCharacters(strip(answer), '"').toLowerCase().endsWith(phrase);
};

/** Quotation marks around the whole answer. */
export const quotation: InstructionKind = () => (answer) => {
  const text = strip(answer);
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
};
