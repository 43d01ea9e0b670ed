/** @file Instructions about the form of an answer. */
import { PythonRegex } from "../python-regex.js";
import { strip, stripCharacters, type InstructionKind } from "./instruction.js";

const STAR_BULLET = new PythonRegex("(?m)^[^\\S\\n]*\\*[^*].*$");
const DASH_BULLET = new PythonRegex("(?m)^[^\\S\\n]*-.*$");
const HIGHLIGHT = new PythonRegex("\\*[^\\n*]*\\*");
const DOUBLE_HIGHLIGHT = new PythonRegex("\\*\\*[^\\n*]*\\*\\*");

/** Exactly so many bullet points: lines that begin with one `*`, or with `-`. */
export const numberBulletLists: InstructionKind = (settings) => {
  const wanted = settings.count("num_bullets");
  return (answer) => STAR_BULLET.findAll(answer).length + DASH_BULLET.findAll(answer).length === wanted;
};

const ALLOWED_ANSWERS = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

/** One of three sentences. */
export const constrainedResponse: InstructionKind = () => (answer) =>
  ALLOWED_ANSWERS.some((allowed) => answer.includes(allowed));

/** At least so many highlighted parts, as `*this*` and `**this**`. */
export const numberHighlightedSections: InstructionKind = (settings) => {
  const least = settings.count("num_highlights");
  return (answer) => {
    const found = [...HIGHLIGHT.findAll(answer), ...DOUBLE_HIGHLIGHT.findAll(answer)].flat();
    return found.filter((highlight) => strip(stripCharacters(highlight, "*")) !== "").length >= least;
  };
};

/** At least so many sections, each behind a word and its number. The word is a regular expression, as in the harness. */
export const multipleSections: InstructionKind = (settings) => {
  const heading = new PythonRegex(`\\s?${strip(settings.text("section_spliter"))}\\s?\\d+\\s?`);
  const least = settings.count("num_sections");
  return (answer) => heading.findAll(answer).length >= least;
};

/** JSON, as Python's `json.loads` reads it, in a fenced block or bare. */
export const jsonFormat: InstructionKind = () => (answer) => {
  const opened = ["```json", "```Json", "```JSON", "```"].reduce(withoutPrefix, strip(answer));
  const text = strip(opened.endsWith("```") ? opened.slice(0, -3) : opened);
  try {
    JSON.parse(withNumbers(text));
    return true;
  } catch {
    return false;
  }
};

const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

const STRING_OR_CONSTANT = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])(?:-?Infinity|NaN)(?![\w.])/gs;

/** Python reads three constants as numbers which JSON does not have. */
const withNumbers = (json: string): string =>
  json.replace(STRING_OR_CONSTANT, (found) => (found.startsWith('"') ? found : "0"));

/** A title in double angular brackets, on one line. */
export const title: InstructionKind = () => (answer) => answer.split("\n").some(hasTitle);

/** A search for `<<.+>>` would take quadratic time where none is. */
function hasTitle(line: string): boolean {
  const start = line.indexOf("<<");
  const end = line.lastIndexOf(">>");
  if (start < 0 || end < start + 3) return false;
  return strip(line.slice(start, end + 2).replace(/^<+|>+$/g, "")) !== "";
}
