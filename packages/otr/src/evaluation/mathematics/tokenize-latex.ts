export type Token =
  /** Digits with at most one point. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "letter"; readonly text: string }
  /** Without its backslash. */
  | { readonly kind: "command"; readonly text: string }
  /** The content of a command such as `\text{...}`, as written. */
  | { readonly kind: "words"; readonly text: string; readonly command: string }
  | { readonly kind: "sign"; readonly text: string };

/** An answer is no formula that can be compared as one; its text is compared instead. */
export class LatexSyntaxError extends Error {
  override readonly name = "LatexSyntaxError";
}

/** Commands whose argument is a name and no formula. */
const WORDS = new Set([
  "text",
  "mbox",
  "operatorname",
  "mathrm",
  "mathbf",
  "mathit",
  "textbf",
  "textit",
  "textrm",
]);
const ACCENTS = new Set([
  "overline",
  "bar",
  "vec",
  "overrightarrow",
  "hat",
  "widehat",
  "tilde",
  "widetilde",
  "dot",
  "ddot",
]);
const SPACES = new Set([",", ";", ":", "!", " ", "quad", "qquad", "displaystyle", "limits", "left", "right"]);
const SIGNS = "+-*/^_=<>()[]{}|,;:!%&'";

const LARGEST_ANSWER = 4000;

/**
 * The tokens of an answer in LaTeX, without spaces.
 *
 * @throws {LatexSyntaxError} at a character that answers do not have, or where the answer has more than 4,000 characters
 */
export function tokenizeLatex(latex: string): Token[] {
  if (latex.length > LARGEST_ANSWER) throw new LatexSyntaxError("too long");
  const tokens: Token[] = [];
  let at = 0;
  while (at < latex.length) {
    const rest = latex.slice(at);
    const space = /^(\s|~|\u00a0)+/.exec(rest);
    // "5\,000" is one number.
    const number = /^(\d+((\\,\d{3})+(?!\d))?(\.\d+|\.(?!\d))?|\.\d+)/.exec(rest);
    const command = /^\\([a-zA-Z]+|[\s\S])/.exec(rest);
    if (space) at += space[0].length;
    else if (number) {
      tokens.push({ kind: "number", text: number[0].replaceAll("\\,", "") });
      at += number[0].length;
    } else if (command) {
      at += command[0].length;
      const name = command[1]!;
      if (WORDS.has(name) || ACCENTS.has(name)) {
        const { text, end } = argument(latex, at);
        tokens.push({ kind: "words", text, command: name });
        at = end;
      } else if (!SPACES.has(name)) tokens.push({ kind: "command", text: name });
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0)!);
      tokens.push(plainToken(character));
      at += character.length;
    }
  }
  return tokens;
}

/** Characters that stand for a command or sign. */
const UNICODE: ReadonlyMap<string, Token> = new Map<string, Token>([
  ["×", { kind: "sign", text: "*" }],
  ["·", { kind: "sign", text: "*" }],
  ["÷", { kind: "sign", text: "/" }],
  ["−", { kind: "sign", text: "-" }],
  ["≤", { kind: "command", text: "le" }],
  ["≥", { kind: "command", text: "ge" }],
  ["≠", { kind: "command", text: "ne" }],
  ["π", { kind: "command", text: "pi" }],
  ["∞", { kind: "command", text: "infty" }],
  ["°", { kind: "command", text: "degree" }],
  ["∪", { kind: "command", text: "cup" }],
  ["∈", { kind: "command", text: "in" }],
  ["±", { kind: "command", text: "pm" }],
]);

function plainToken(character: string): Token {
  const token = UNICODE.get(character);
  if (token) return token;
  if (/^\p{L}$/u.test(character)) return { kind: "letter", text: character };
  if (SIGNS.includes(character)) return { kind: "sign", text: character };
  throw new LatexSyntaxError(`the character ${JSON.stringify(character)}`);
}

/** What stands in the braces at an offset, or the one character there. */
function argument(latex: string, start: number): { text: string; end: number } {
  let at = start;
  while (latex[at] === " ") at++;
  if (latex[at] !== "{") {
    if (at >= latex.length) throw new LatexSyntaxError("a command without its argument");
    return { text: latex[at]!, end: at + 1 };
  }
  let depth = 0;
  for (let index = at; index < latex.length; index++) {
    if (latex[index] === "{") depth++;
    else if (latex[index] === "}" && --depth === 0)
      return { text: latex.slice(at + 1, index), end: index + 1 };
  }
  throw new LatexSyntaxError("a brace without an end");
}
