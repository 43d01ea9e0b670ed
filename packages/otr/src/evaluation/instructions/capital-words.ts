/** @file Words in capital letters, by the conventions of the Penn Treebank, as NLTK's `word_tokenize` has them. */
import { splitSentences } from "./split-sentences.js";

/** What parts words, and belongs to none. A comma or colon before a digit does not. */
const SEPARATOR = /[\s«»“”„‘’`";@#$%&?!*()[\]{}<>\u2012-\u2015]+|''+|--|\.{2,}|[:,](?!\p{Nd})/u;
/** What is a word of its own at the end of another: JOHN'S, I'LL, DON'T. */
const ENDING = /(?<=[^'])('[SMD]|'LL|'RE|'VE|N'T)$/i;
/** The end of a word: JavaScript's `\b` knows ASCII alone. */
const END = "(?![\\p{L}\\p{N}_])";
/** Two words that are written as one. */
const JOINED = new RegExp(
  `(?<![\\p{L}\\p{N}_])(?:can(?=not${END})|d(?='ye${END})|gim(?=me${END})|gon(?=na${END})|got(?=ta${END})|` +
    `lem(?=me${END})|more(?='n${END})|wan(?=na$))`,
  "giu",
);

/** Words without a small letter, with one capital letter at least. */
export const capitalWords = (text: string): string[] =>
  splitSentences(text).flatMap(wordsOf).filter(isCapital);

/** Python's `str.isupper`. */
export const isCapital = (text: string): boolean =>
  /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);

function wordsOf(sentence: string): string[] {
  // A period at the end is no part of the last word, which may have an ending of its own.
  const words = sentence.replace(/\.(?=[\])}>"'\s»”’]*$)/, " ").split(SEPARATOR);
  return words
    .flatMap((word) => word.split(ENDING))
    .flatMap((word) => word.replace(JOINED, " $& ").split(" "));
}
