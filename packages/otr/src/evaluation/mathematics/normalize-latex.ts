/** @file LaTeX of answers in one form, by the rules of math-verify's `normalize_latex` (latex2sympy2_extended 1.11). */
import { type BoxesWanted, boxedContent } from "./boxed-content.js";

/** Words at the end of an answer that are taken for units, as written there: "." is any character. */
const UNITS =
  "integerpoint|feet|sue|digit|pound|meal|edge|student|children ticket|multiple|east|degree|mph|kmph|ft|m square| m east|sq m|deg|mile|q .|monkey|prime|ratio|profit of rs|rd|o|gm|p . m|lb|tile|per|dm|lt|gain|ab|way|west|a .|b .|c .|d .|e .|f .|g .|h .|t|h|no change|men|soldier|pie|bc|excess|st|inches|noon|cent|by|gal|kmh|c|acre|rise|a . m|th|π r 2|sq|mark|l|toy|coin|sq . m|gallon|° f|profit|minw|yr|women|am|pm|hr|cu cm|square|v â € ™|are|rupee|rounds|cubic|cc|mtr|s|ohm|number|kmph|day|hour|minute|min|second|man|woman|sec|cube|mt|sq inch|mp|∏ cm ³|hectare|more|sec|unit|cu . m|cm 2|rs .|rs|kg|g|month|km|m|cm|mm|apple|liter|loss|yard|pure|year|increase|decrease|d|less|Surface|litre|pi sq m|s .|metre|meter|inch";
const UNIT_AT_END = new RegExp(`(\\d|\\}|\\s)\\s*(?:(?:${UNITS})(?:s|es)?)\\s*$`);
const UNIT_IN_TEXT = /\\(?:text|mbox)\{[^\n]*?\}(?:\^\d|\{\^\d\})?$/;

const LEFT =
  /\\m?left(\\\{|\{|\\\||\||\[|\(|\\rbracl|\\lgroup|\\lbrace|\\lbrack|\\vert|\\lvert|\\lceil|\\lfloor|\\langle|\\llcorner|\\ulcorner)/g;
const RIGHT =
  /\\m?right(\\\}|\}|\\\||\||\]|\)|\\rbrack|\\rgroup|\\rbrace|\\vert|\\rvert|\\rceil|\\rfloor|\\rangle|\\lrcorner|\\urcorner)/g;
const PERMUTATION = /\(([a-zA-Z0-9+\-*/\\ ]+?)\)_\{([a-zA-Z0-9+\-*/\\ ]+?)\}/g;
const REMOVED = /\\mathrm\{th\}|\\!\s*|\\text\s*\{\s*\}|\\\$|\$|(?<!\\)["']|\\displaystyle/g;

/** At each place the first that matches. */
const REPLACED: readonly (readonly [pattern: string, replacement: string])[] = [
  ["\\\\math(?:rm|it|bf)", "\\text"],
  ["\\\\text(?:normal|bf|it|rm)", "\\text"],
  ["\\\\(?:d|t|c)frac", "\\frac"],
  ["\\s\\.", " 0."],
  ["\\{\\.", "{0."],
  ["~=", "\\approx"],
  ["\\s*\\{\\s*,\\s*\\}", ","],
  ["(?<![a-zA-Z]),?\\s*(?:and|or)(?![a-zA-Z])", ","],
  [",?\\s*\\\\text\\{\\s*(?:and|or)\\s*\\}", ","],
  ["(?<!\\\\)\\\\\\s", " "],
  ["infinity", "\\infty"],
  [",?\\\\ldots", " "],
  ["\\s*\\bpercentage\\b", "\\%"],
  ["\\\\text\\{percentage\\}", "%"],
  ["\\s*\\bpercent\\b", "\\%"],
  ["\\\\text\\{percent\\}", "%"],
  ["\\s*\\bpct\\b", "\\%"],
  ["\\\\text\\{pct\\}", "%"],
  ["(?<!\\\\)inf(?!inity)", "\\infty"],
  [" sqrt", "\\sqrt"],
];
const REPLACED_PATTERN = new RegExp(REPLACED.map(([pattern]) => `(${pattern})`).join("|"), "g");

/** Shorthands of LaTeX, and what is written without it, one after the other. */
const SHORTHANDS: readonly (readonly [RegExp, string])[] = [
  [/\^\s?\(([^\n]*?)\)/g, "^{$1}"],
  [/sqrt\s?\(([^\n]*?)\)/g, "\\sqrt{$1}"],
  [/\\frac\s?(\d)\s?(\d+)/g, "\\frac{$1}{$2}"],
  [/\\log_\s?(\d)\s?(\d+)/g, "\\log_{$1}{$2}"],
  [/\\frac\s?\{([^\n]*?)\}\s?(\d)/g, "\\frac{$1}{$2}"],
  [/\\frac\s?(\d)\s?\{([^\n]*?)\}/g, "\\frac{$1}{$2}"],
  [/\\sqrt\s?(\d)/g, "\\sqrt{$1}"],
  [/ sqrt/g, "\\sqrt"],
];

/** The content of the boxes of an answer without units, dollars and spacing commands, with fractions and roots in braces. */
export function normalizeLatex(latex: string, boxes: BoxesWanted): string {
  let text = withoutUnits(basicLatex(boxedContent(latex, boxes)));
  if (text.startsWith(".")) text = `0${text}`;
  if (text === "0.5") text = "\\frac{1}{2}";
  for (const [pattern, replacement] of SHORTHANDS) text = text.replace(pattern, replacement);
  return slashAsFraction(bracedFractions(bracedRoots(text))).trim();
}

function basicLatex(latex: string): string {
  const text = latex
    .replaceAll("\\mathrm{T}", "T")
    .replaceAll("\\mathrm{d}", "d")
    .replaceAll("{\\rm d}", "d")
    .replaceAll("\\left[\\begin{matrix}", "\\begin{bmatrix}")
    .replaceAll("\\end{matrix}\\right]", "\\end{bmatrix}")
    .replace(LEFT, "$1")
    .replace(RIGHT, "$1")
    .replace(PERMUTATION, "\\frac{($1)!}{(($1)-($2))!}")
    .replace(REMOVED, "")
    .replace(REPLACED_PATTERN, (_, ...groups) => {
      const index = groups.findIndex((group) => group !== undefined);
      return REPLACED[index]![1];
    })
    .replace(/[\n\t]/g, " ");
  return text.includes("matrix") ? text : text.replace(/\\\\(?=[a-zA-Z])/g, "\\");
}

function withoutUnits(text: string): string {
  const bare = text.replace(UNIT_IN_TEXT, "").trim();
  let stripped = bare === "" ? text : bare;
  for (let round = 0; round < 2; round++) {
    const shorter = stripped.replace(UNIT_AT_END, "$1");
    if (shorter !== "") stripped = shorter;
  }
  return stripped;
}

function bracedRoots(text: string): string {
  const [before, ...roots] = text.split("\\sqrt");
  const braced = roots.map((root) => {
    const [first, ...rest] = root.trimStart();
    if (first === undefined || first === "{" || first === "[") return root.trimStart();
    return `{${first}}${rest.join("")}`;
  });
  return [before, ...braced].join("\\sqrt");
}

function bracedFractions(text: string): string {
  const [before, ...fractions] = text.split("\\frac");
  const braced: string[] = [];
  for (const fraction of fractions) {
    const [above, below, ...rest] = fraction.trimStart();
    if (above === "{") {
      braced.push(fraction.trimStart());
      continue;
    }
    if (below === undefined) return text;
    braced.push(`{${above}}${below === "{" ? "{" : `{${below}}`}${rest.join("")}`);
  }
  return [before, ...braced].join("\\frac");
}

function slashAsFraction(text: string): string {
  return text.replace(/^(0|-?[1-9]\d*)\/(0|-?[1-9]\d*)$/, "\\frac{$1}{$2}");
}
