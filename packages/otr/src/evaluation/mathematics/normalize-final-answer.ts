/** Replaced everywhere, one after the other. */
const SUBSTITUTIONS = [
  ["an ", ""],
  ["a ", ""],
  [".$", "$"],
  ["\\$", ""],
  ["\\ ", ""],
  [" ", ""],
  ["mbox", "text"],
  [",\\text{and}", ","],
  ["\\text{and}", ","],
  ["\\text{m}", "\\text{}"],
] as const;

/** Removed everywhere, also inside of words, one after the other. */
const REMOVED = [
  "square",
  "ways",
  "integers",
  "dollars",
  "mph",
  "inches",
  "ft",
  "hours",
  "km",
  "units",
  "\\ldots",
  "sue",
  "points",
  "feet",
  "minutes",
  "digits",
  "cents",
  "degrees",
  "cm",
  "gm",
  "pounds",
  "meters",
  "meals",
  "edges",
  "students",
  "childrentickets",
  "multiples",
  "\\text{s}",
  "\\text{.}",
  "\\text{\ns}",
  "\\text{}^2",
  "\\text{}^3",
  "\\text{\n}",
  "\\text{}",
  "\\mathrm{th}",
  "^\\circ",
  "^{\\circ}",
  "\\;",
  ",\\!",
  "{,}",
  '"',
  "\\dots",
];

/**
 * A final answer in the form that Minerva compares, by the rules of appendix D of Lewkowycz et al., "Solving Quantitative
 * Reasoning Problems with Language Models" (arXiv 2206.14858), as lm-evaluation-harness's `normalize_final_answer`: what
 * follows the last "=", without units, spaces and the wrappings of LaTeX.
 */
export function normalizeFinalAnswer(answer: string): string {
  let text = answer.split("=").at(-1)!;
  for (const [before, after] of SUBSTITUTIONS) text = text.replaceAll(before, after);
  for (const removed of REMOVED) text = text.replaceAll(removed, "");
  text = text
    .replace(/[^\n]*?\$([^\n]*?)\$[^\n]*/g, (_, inner: string) => `$${inner}$`)
    .replace(/\\text\{([^\n]*?)\}/g, "$1")
    .replace(/\\textbf\{([^\n]*?)\}/g, "$1")
    .replace(/\\overline\{([^\n]*?)\}/g, "$1")
    .replace(/\\boxed\{([^\n]*)\}/g, "$1")
    .replace(/frac([^{])([^\n])/gu, "frac{$1}{$2}")
    .replace(/sqrt([^{])/gu, "sqrt{$1}")
    .replaceAll("$", "");
  const digits = text.replaceAll(",", "");
  return /^\d+$/.test(digits) ? digits : text;
}
