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

/** Units and the like, in the order of the reference; "\\ldots" stands among them there, which makes no difference. */
const UNITS =
  "square ways integers dollars mph inches ft hours km units sue points feet minutes digits cents degrees cm gm pounds " +
  "meters meals edges students childrentickets multiples";
const UNIT_WORDS = UNITS.split(" ").map((unit) => ({
  unit,
  asWord: new RegExp(`(?<![\\p{L}\\p{N}_\\\\])${unit}(?![\\p{L}\\p{N}_])`, "gu"),
}));

/** Removed everywhere, one after the other. */
const REMOVED = [
  "\\ldots",
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
 * Reasoning Problems with Language Models" (arXiv 2206.14858), as `normalize_final_answer` of lm-evaluation-harness 0.4.13
 * has them: what follows the last "=", without units, spaces and the wrappings of LaTeX.
 */
export function normalizeFinalAnswer(answer: string): string {
  let text = answer.split("=").at(-1)!;
  for (const { asWord } of UNIT_WORDS) text = text.replace(asWord, "");
  for (const [before, after] of SUBSTITUTIONS) text = text.replaceAll(before, after);
  // Units that touch their surroundings now; "ft" in "\\left" is none.
  for (const { unit } of UNIT_WORDS) {
    const segments = text.split(/(\\[a-zA-Z]+)/);
    text = segments
      .map((segment, index) => (index % 2 === 0 ? segment.replaceAll(unit, "") : segment))
      .join("");
  }
  for (const removed of REMOVED) text = text.replaceAll(removed, "");
  text = text
    .replace(/[^\n]*?\$([^\n]*?)\$[^\n]*/g, (_, inner: string) => `$${inner}$`)
    .replace(/\\text\{([^\n]*?)\}/g, "$1")
    .replace(/\\textbf\{([^\n]*?)\}/g, "$1")
    .replace(/\\overline\{([^\n]*?)\}/g, "$1")
    .replace(/\\boxed\{([^\n]*)\}/g, "$1")
    .replace(/frac([^{])([^\n])/gu, "frac{$1}{$2}")
    .replace(/sqrt(\[[^\]]*\])([\p{L}\p{N}_])/gu, "sqrt$1{$2}")
    .replace(/sqrt(?!\[)([^{])/gu, "sqrt{$1}")
    .replaceAll("$", "");
  return /^-?\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(",", "") : text;
}
