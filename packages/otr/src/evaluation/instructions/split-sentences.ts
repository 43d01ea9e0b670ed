/**
 * @file English text as sentences, by the rules of Punkt (Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary
 * Detection", 2006), as NLTK applies them. What Punkt learns from texts are lists here (`english-words.ts`).
 */
import { strip } from "./instruction.js";
import { ABBREVIATIONS, SMALL_WORDS } from "./english-words.js";

/** What stands at no place inside of a word. */
const NO_WORD = "[)\";}\\]*:@'({\\[‘’“”«»?!]";
/** Where a sentence may end: before such a character, or before white space and a word. */
const CANDIDATE = new RegExp(`[.?!](?=(?<behind>${NO_WORD}|\\s+(?<next>\\S+)))`, "g");
/** Closing marks that belong to the sentence before them. */
const CLOSING = /["')\]}‘’“”«»]+?(?:\s+|(?=--)|$)/my;

const RUN = "-{2,}|\\.{2,}|(?:\\.\\s){2,}\\.";
const WORD = new RegExp(
  `${RUN}|(?=[^("\`{[:;&#*@)}\\]\\-,])\\S+?(?=\\s|$|${NO_WORD}|${RUN}|,(?=$|\\s|${NO_WORD}|${RUN}))|\\S`,
  "g",
);

/** The sentences of a text, in order. A line break alone ends none. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const { end, next, context } of candidates(text)) {
    if (!holdsEnd(context)) continue;
    CLOSING.lastIndex = next;
    const closing = CLOSING.exec(text);
    sentences.push(text.slice(start, closing === null ? end : next + closing[0].trimEnd().length));
    start = next + (closing?.[0].length ?? 0);
  }
  sentences.push(text.slice(start));
  return sentences.map(strip).filter((sentence) => sentence !== "");
}

interface Candidate {
  /** Behind the mark. */
  readonly end: number;
  /** Where the next sentence would begin. */
  readonly next: number;
  /** From the beginning of the mark's word to the word behind it. */
  readonly context: string;
}

/** The last mark of each stretch without white space; and its first character, where that is a mark, as in NLTK. */
function candidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  // White space in front of everything parts nothing, as in NLTK.
  let from = 1;
  let start = 0;
  for (const { index, groups } of text.matchAll(CANDIDATE)) {
    for (; from < index; from += 1) if (/\s/.test(text[from]!)) start = from + 1;
    const { behind = "", next } = groups ?? {};
    const end = index + 1;
    if (found.length > 0 && found.at(-1)!.end > start + 1) found.pop();
    found.push({
      end,
      next: next === undefined ? end : end + behind.length - next.length,
      context: text.slice(start, end + behind.length),
    });
  }
  return found;
}

/** Whether a sentence ends before the last word. */
function holdsEnd(context: string): boolean {
  const tokens = context.split("\n").flatMap((line) => line.match(WORD) ?? []);
  return tokens.slice(0, -1).some((token, at) => endsSentence(token, tokens[at + 1]!));
}

function endsSentence(token: string, next: string): boolean {
  if (token === "?" || token === "!" || token === ".") return true;
  if (!token.endsWith(".")) return false;
  const isInitial = /^[\p{L}_]\.$/u.test(token);
  if (/^\.+$/.test(token) || (isAbbreviation(token) && !isInitial)) return beginsSentence(next);
  if (token.endsWith("..")) return false;
  if (isInitial) return beginsSentence(next) || !(isMark(next) || /^[\p{Lu}\p{Ll}]/u.test(next));
  const isNumber = /^-?[.,]?\p{Nd}[\p{Nd},.-]*$/u.test(token);
  return !isNumber || !(isMark(next) || /^\p{Ll}/u.test(next));
}

function isAbbreviation(token: string): boolean {
  const word = token.slice(0, -1).toLowerCase();
  return ABBREVIATIONS.has(word) || ABBREVIATIONS.has(word.split("-").at(-1)!);
}

const beginsSentence = (word: string): boolean =>
  /^\p{Lu}/u.test(word) && SMALL_WORDS.has(word.toLowerCase().replace(/\.$/, ""));

const isMark = (token: string): boolean => /^[;:,.!?]$/.test(token);
