/** @file Instructions about capital letters. */
import { capitalWords, isCapital } from "./capital-words.js";
import { detectLanguage } from "./detect-language.js";
import type { InstructionKind } from "./instruction.js";

/** English in capital letters alone. */
export const englishCapital: InstructionKind = () => (answer) => isCapital(answer) && isEnglish(answer);

/** English in small letters alone. */
export const englishLowercase: InstructionKind = () => (answer) => isSmall(answer) && isEnglish(answer);

/** So many words in capital letters. */
export const capitalWordFrequency: InstructionKind = (settings) => {
  const isRight = settings.comparison("capital_relation", "capital_frequency");
  return (answer) => isRight(capitalWords(answer).length);
};

/** Python's `str.islower`. */
const isSmall = (text: string): boolean =>
  /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);

const isEnglish = (text: string): boolean => ["en", null].includes(detectLanguage(text));
