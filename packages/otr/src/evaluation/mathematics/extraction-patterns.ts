/** @file Where answers stand in a text, by the patterns of math-verify 0.9's `parse`, in JavaScript's regular expressions. */

export interface ExtractionPattern {
  readonly kind: "latex" | "plain";
  readonly pattern: RegExp;
  /** Lower ones are tried first. */
  readonly priority: number;
  /** Text without which the pattern cannot match. */
  readonly needs: RegExp | null;
}

/** Letters in either case; JavaScript 2024 has no `(?i:...)`. */
const anyCase = (words: string): string =>
  words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

const FINAL_ANSWER = anyCase("final answer");
const FINAL_ANSWER_IS = anyCase("final answer is");
const ANSWER = anyCase("answer");

/** Mathematics between dollars or brackets with a percent sign behind, its groups named after the prefix. */
function environment(prefix: string, content: "boxed" | "plain"): string {
  const inside = (character: string) =>
    content === "plain" ? `${character}+?` : `${character}*?\\\\boxed\\{${character}+?\\}${character}*?`;
  const environments = [
    `(?<!\\\\)\\$\\$(?<${prefix}A>${inside("(?:[^$]|\\$(?!\\$))")})(?<!\\\\)\\$\\$`,
    `(?<!\\\\)\\\\\\[(?<${prefix}B>${inside("(?:[^\\\\]|\\\\(?!\\]))")})(?<!\\\\)\\\\\\]`,
    `(?<!\\\\|\\d)\\$(?<${prefix}C>${inside("(?:\\\\[$]|[^\\n$])")})(?<!\\\\)\\$`,
    `(?<!\\\\)\\\\\\((?<${prefix}D>${inside("(?:[^\\\\\\n]|\\\\(?!\\)))")})(?<!\\\\)\\\\\\)`,
    `\\s\\[(?<${prefix}E>${inside("[^\\n\\]\\[]")})\\]\\s`,
  ];
  const number = "-?\\d+(?:[.,]\\d+)?";
  if (content === "plain") environments.push(`(?<${prefix}F>-?\\\\frac\\{${number}\\}\\{${number}\\})`);
  return `(?:(?:${environments.join("|")})\\s*(?<${prefix}Percent>\\\\?%|[Pp]ercent|[Pp]ercentage|[Pp]ct)?)`;
}

const COUNT = [0, 1, 2, 3, 4, 5];

/** Up to six environments that "and", "or" or a comma joins; `e0A` to `e5F` are their groups. */
function environments(content: "boxed" | "plain"): string {
  const [first, ...others] = COUNT.map((index) => environment(`e${index}`, content));
  const space = content === "boxed" ? "\\s*" : "";
  const next = others.map((other) => `${space}(?:\\s*(?:,?and|,?or|,)\\s*${other})?`);
  return `(?:${first}${next.join("")})`;
}

function latexPatterns(): [string, number, RegExp | null][] {
  const latex = environments("plain");
  const delimiter = /\$|\\\[|\\\(|\[|\\frac/;
  return [
    [`${FINAL_ANSWER_IS}:?\\s*${latex}\\.?\\s?I hope`, 0, /I hope/],
    [`${FINAL_ANSWER}.{0,100}?\\s+is:?\\s*${latex}`, 50, delimiter],
    [`${ANSWER}:.{0,50}?${latex}`, 100, delimiter],
    [`${ANSWER}.{0,50}?${latex}`, 200, delimiter],
    [latex, 300, delimiter],
    [environments("boxed"), 50, /\\boxed\{/],
    ["(?<boxed>\\\\boxed\\{.+\\})", 50, /\\boxed\{/],
  ];
}

function plainPatterns(): [string, number, RegExp | null][] {
  const number =
    "(?<!\\d)(?:(?<integer1>-?[1-9]\\d{0,2}(?:[ ,]\\d{3})+)(?<decimal1>\\.\\d+)?|(?<integer2>-?\\d+)(?<decimal2>[.,]\\d+)|" +
    "(?<decimal3>\\.\\d+)|(?<integer3>-?\\d+))(?<percent>\\s*(?:%|[Pp]ercent|\\s*[Pp]ercentage|\\s*[Pp]ct))?";
  const operators = "+\\-*×/^()÷";
  const characters = `[\\d.\\s${operators}]`;
  const expression = `(?<expression>-?\\(?-?\\d${characters}*[${operators}]${characters}+\\)?)`;
  const currencies = "$€£¥₹₽₪₩₫฿₡₢₣₤₥₦₧₨₭₮₯₰₱₲₳₴₵₶₷₸₺₻₼₾₿";
  const before = "(?:^|\\s|=)(?:\\*\\*)?";
  const anchoredExpression = `(?:${before}${expression}(?:\\*\\*)?(?:\\.|,|:|\\s|\\)|\\$|$))`;
  const anchoredNumber = `(?:${before}[${currencies}]?${number})`;
  const either = `(?:${anchoredExpression}|${anchoredNumber})`;
  return [
    [`${FINAL_ANSWER_IS}:?\\s*${either}\\.?\\s?I hope`, 0, /I hope/],
    [`${FINAL_ANSWER}[^\\n]{0,100}?\\s+is:?${either}`, 50, null],
    [`${ANSWER}:(?:[^\\n]{0,100}=\\s*|[^\\n]{0,50}?)${either}(?!\\s*=)`, 100, null],
    [`${ANSWER}(?:[^\\n]{0,100}=\\s*|[^\\n]{0,50}?)${either}(?!\\s*=)`, 200, null],
    [anchoredExpression, 300, null],
    [anchoredNumber, 300, null],
  ];
}

const compiled = (
  kind: ExtractionPattern["kind"],
  flags: string,
  patterns: [string, number, RegExp | null][],
): ExtractionPattern[] =>
  patterns.map(([source, priority, needs]) => ({
    kind,
    pattern: new RegExp(source, flags),
    priority,
    needs,
  }));

export const EXTRACTION_PATTERNS: readonly ExtractionPattern[] = [
  ...compiled("latex", "gs", latexPatterns()),
  ...compiled("plain", "g", plainPatterns()),
];
