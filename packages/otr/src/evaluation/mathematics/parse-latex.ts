import { exactValue } from "./exact-value.js";
import type { Expression, FunctionName, RelationSign } from "./expression.js";
import {
  CLOSINGS,
  FRACTIONS,
  FUNCTION_COMMANDS,
  INVERSES,
  NUMBER_SETS,
  RELATIONS,
  SYMBOL_COMMANDS,
} from "./latex-commands.js";
import { parseDecimal, rational } from "./rational.js";
import { TokenReader } from "./token-reader.js";
import { LatexSyntaxError, type Token, tokenizeLatex } from "./tokenize-latex.js";

/** Expressions within expressions; deeper ones are no answers, and would end the stack. */
const DEEPEST = 60;

const number = (text: string): Expression => ({
  kind: "number",
  value: parseDecimal(text),
  places: text.includes(".") && !text.endsWith(".") ? text.length - text.indexOf(".") - 1 : null,
  base: null,
});

/**
 * What an answer in LaTeX says. Juxtaposition binds closer than signs of multiplication and division, as latex2sympy has
 * it (`1/2x` is `1/(2x)`); the argument of a function without parentheses ends at the next sign or function; an integer
 * before a fraction of integers is a mixed number; elements beside one another with commas are a set, in parentheses a
 * tuple, or an open interval where two elements rise.
 *
 * @throws {LatexSyntaxError} where the answer is no such formula; nothing at its end is ignored
 */
export function parseLatex(latex: string): Expression {
  if (/^\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*$/.test(latex)) {
    const plain = latex.replaceAll(",", "").trim();
    return plain.startsWith("-") ? { kind: "negative", of: number(plain.slice(1)) } : number(plain);
  }
  return new LatexParser(tokenizeLatex(latex)).parse();
}

class LatexParser {
  readonly #tokens: TokenReader;
  #depth = 0;
  /** Bars that an absolute value opened. */
  #bars = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = new TokenReader(tokens);
  }

  parse(): Expression {
    const elements = this.#elements();
    if (this.#tokens.next()) throw this.#tokens.unexpected();
    return asOne(elements);
  }

  #elements(): Expression[] {
    const elements: Expression[] = [];
    do elements.push(...this.#element());
    while (this.#tokens.accept(",", ";"));
    return elements;
  }

  /** A relation, or an expression: two where it says plus or minus. */
  #element(): Expression[] {
    const first = this.#side();
    const sides = [asOne(first)];
    const signs: RelationSign[] = [];
    for (;;) {
      const sign = RELATIONS.get(this.#tokens.peek());
      if (sign === undefined) break;
      this.#tokens.skip(1);
      // "<=" in two characters.
      const isOrEqual = (sign === "<" || sign === ">") && this.#tokens.accept("=");
      signs.push(isOrEqual ? `${sign}=` : sign);
      sides.push(asOne(this.#side()));
    }
    return signs.length === 0 ? first : [{ kind: "relation", sides, signs }];
  }

  #side(): Expression[] {
    if (this.#tokens.accept("\\pm", "\\mp")) {
      const of = this.#sum();
      return [{ kind: "negative", of }, of];
    }
    const first = this.#union();
    if (!this.#tokens.accept("\\pm", "\\mp")) return [first];
    const second = this.#sum();
    return [
      { kind: "sum", terms: [first, second] },
      { kind: "sum", terms: [first, { kind: "negative", of: second }] },
    ];
  }

  #union(): Expression {
    const parts = [this.#difference()];
    while (this.#tokens.accept("\\cup")) parts.push(this.#difference());
    return parts.length === 1 ? parts[0]! : { kind: "union", parts };
  }

  #difference(): Expression {
    const from = this.#sum();
    return this.#tokens.accept("\\setminus", "\\backslash")
      ? { kind: "difference", from, without: this.#sum() }
      : from;
  }

  #sum(): Expression {
    if (++this.#depth > DEEPEST) throw new LatexSyntaxError("nested too deep");
    const terms = [this.#product()];
    for (;;) {
      if (this.#tokens.accept("+")) terms.push(this.#product());
      else if (this.#tokens.accept("-")) terms.push({ kind: "negative", of: this.#product() });
      else break;
    }
    this.#depth--;
    return terms.length === 1 ? terms[0]! : { kind: "sum", terms };
  }

  #product(): Expression {
    let result = this.#signed();
    for (;;) {
      if (this.#tokens.accept("*", "\\cdot", "\\times", "\\ast")) result = product([result, this.#signed()]);
      else if (this.#tokens.accept("/", "\\div", ":")) {
        result = { kind: "quotient", above: result, below: this.#signed() };
      } else return result;
    }
  }

  #signed(): Expression {
    let negative = false;
    while (this.#tokens.peek() === "-" || this.#tokens.peek() === "+") {
      if (this.#tokens.peek() === "-") negative = !negative;
      this.#tokens.skip(1);
    }
    const of = this.#juxtaposed();
    return negative ? { kind: "negative", of } : of;
  }

  /** Factors side by side. */
  #juxtaposed(isArgument = false): Expression {
    const factors = [this.#powered()];
    while (this.#startsFactor() && !(isArgument && this.#startsFunction())) {
      const before = factors.at(-1)!;
      // "2 3" is no product, and rarely 5.
      if (before.kind === "number" && this.#tokens.next()!.kind === "number") throw this.#tokens.unexpected();
      const factor = this.#powered();
      const mixed = factors.length === 1 && before.kind === "number" ? mixedNumber(before, factor) : null;
      if (mixed) factors[0] = mixed;
      else factors.push(factor);
    }
    return factors.length === 1 ? factors[0]! : product(factors);
  }

  #startsFactor(): boolean {
    const token = this.#tokens.next();
    if (!token) return false;
    if (token.kind === "sign") {
      return token.text === "|" ? this.#bars === 0 : ["(", "{", "["].includes(token.text);
    }
    if (token.kind !== "command") return true;
    return (
      this.#startsFunction() ||
      SYMBOL_COMMANDS.has(token.text) ||
      FRACTIONS.has(token.text) ||
      ["pi", "infty", "sqrt", "binom", "{", "lfloor", "lceil", "lvert", "begin", "mathbb"].includes(
        token.text,
      )
    );
  }

  #startsFunction(): boolean {
    const token = this.#tokens.next();
    return token?.kind === "command" && (FUNCTION_COMMANDS.has(token.text) || token.text === "log");
  }

  /** A factor with what stands behind it: power, factorial, degrees, percent. */
  #powered(): Expression {
    let result = this.#factor();
    for (;;) {
      if (this.#tokens.accept("\\%", "%")) result = { kind: "percent", of: result };
      else if (this.#tokens.accept("!")) result = { kind: "function", name: "factorial", of: result };
      else if (this.#tokens.accept("\\degree", "\\circ")) continue;
      else if (this.#tokens.accept("^")) {
        const exponent = this.#argument();
        // Degrees are no factor: 90^\circ is 90.
        if (exponent) result = { kind: "power", base: result, exponent };
      } else return result;
    }
  }

  /** What follows "^" or a command: one token, or what is in braces; null for the sign of degrees. */
  #argument(): Expression | null {
    if (this.#tokens.accept("\\circ", "\\degree")) return null;
    if (
      this.#tokens.peek() === "{" &&
      /^\\(circ|degree)$/.test(this.#tokens.peek(1)) &&
      this.#tokens.peek(2) === "}"
    ) {
      this.#tokens.skip(3);
      return null;
    }
    const token = this.#tokens.next();
    if (token?.kind === "number" && token.text.length > 1) {
      // x^12 is x^1 times 2 in LaTeX, but not to who writes it.
      this.#tokens.skip(1);
      return number(token.text);
    }
    if (this.#tokens.accept("-")) return { kind: "negative", of: this.#factor() };
    return this.#factor();
  }

  #required(): Expression {
    const argument = this.#argument();
    if (!argument) throw this.#tokens.unexpected();
    return argument;
  }

  #factor(): Expression {
    if (++this.#depth > DEEPEST) throw new LatexSyntaxError("nested too deep");
    const factor = this.#unnested();
    this.#depth--;
    return factor;
  }

  #unnested(): Expression {
    const token = this.#tokens.next();
    if (!token) throw this.#tokens.unexpected();
    if (token.kind === "sign") return this.#group();
    this.#tokens.skip(1);
    if (token.kind === "number") return this.#based(number(token.text));
    if (token.kind === "words") return this.#named(token);
    if (token.kind === "letter") {
      if (token.text === "e" && this.#tokens.peek() !== "_") return { kind: "constant", name: "e" };
      if (token.text === "π") return { kind: "constant", name: "pi" };
      return { kind: "symbol", name: token.text + this.#subscript() };
    }
    return this.#command(token.text);
  }

  #named({ text, command }: { text: string; command: string }): Expression {
    const name = text.replace(/\s/g, "");
    const isAccent = !/^(text|mbox|operatorname|math)/.test(command);
    if (!isAccent && FUNCTION_COMMANDS.has(name)) return this.#function(name);
    const plain = isAccent ? `${command}{${name}}` : name.replace(/[()]/g, "");
    if (plain === "") throw new LatexSyntaxError("an empty text");
    // \textbf{5}
    if (/^\d+(\.\d+)?$/.test(plain)) return number(plain);
    return { kind: "symbol", name: plain + this.#subscript() };
  }

  #command(name: string): Expression {
    if (name === "pi") return { kind: "constant", name: "pi" };
    if (name === "infty") return { kind: "constant", name: "infinity" };
    if (name === "emptyset" || name === "varnothing") return { kind: "set", elements: [] };
    if (FRACTIONS.has(name)) return { kind: "quotient", above: this.#required(), below: this.#required() };
    if (name === "binom") return { kind: "binomial", of: this.#required(), choose: this.#required() };
    if (name === "sqrt") return this.#root();
    if (name === "log") return this.#logarithm();
    if (name === "begin") return this.#matrix();
    if (name === "mathbb") return this.#numberSet();
    if (FUNCTION_COMMANDS.has(name)) return this.#function(name);
    if (SYMBOL_COMMANDS.has(name)) return { kind: "symbol", name: name + this.#subscript() };
    this.#tokens.skip(-1);
    return this.#group();
  }

  #root(): Expression {
    let degree: Expression = number("2");
    if (this.#tokens.accept("[")) {
      degree = this.#sum();
      this.#tokens.expect("]");
    }
    return {
      kind: "power",
      base: this.#required(),
      exponent: { kind: "quotient", above: number("1"), below: degree },
    };
  }

  #logarithm(): Expression {
    const base = this.#tokens.accept("_") ? this.#required() : number("10");
    const logarithm = (of: Expression): Expression => ({ kind: "function", name: "ln", of });
    return this.#withPower(
      (of) => ({ kind: "quotient", above: logarithm(of), below: logarithm(base) }),
      null,
    );
  }

  #function(command: string): Expression {
    const name = FUNCTION_COMMANDS.get(command)!;
    return this.#withPower((of) => ({ kind: "function", name, of }), INVERSES[name] ?? null);
  }

  /** A function whose power, if it has one, stands before its argument; the power -1 of some is their inverse. */
  #withPower(apply: (of: Expression) => Expression, inverse: FunctionName | null): Expression {
    const exponent = this.#tokens.accept("^") ? this.#required() : null;
    const of = this.#tokens.peek() === "(" ? this.#group() : this.#signedArgument();
    if (!exponent) return apply(of);
    const power = exactValue(exponent);
    if (inverse && power?.numerator === -1n && power.denominator === 1n)
      return { kind: "function", name: inverse, of };
    return { kind: "power", base: apply(of), exponent };
  }

  #signedArgument(): Expression {
    return this.#tokens.accept("-")
      ? { kind: "negative", of: this.#juxtaposed(true) }
      : this.#juxtaposed(true);
  }

  #numberSet(): Expression {
    const letter = this.#tokens.rawArgument();
    const name = NUMBER_SETS.get(letter);
    if (name === undefined) throw new LatexSyntaxError(`no set of numbers is called ${letter}`);
    if (name !== "reals") return { kind: "symbol", name };
    const infinity: Expression = { kind: "constant", name: "infinity" };
    return {
      kind: "interval",
      low: { kind: "negative", of: infinity },
      high: infinity,
      lowOpen: true,
      highOpen: true,
    };
  }

  /** A subscript as part of a name. */
  #subscript(): string {
    if (!this.#tokens.accept("_")) return "";
    return `_${this.#tokens.rawArgument()}`;
  }

  #based(value: Expression): Expression {
    if (value.kind !== "number" || !this.#tokens.accept("_")) return value;
    return { ...value, base: this.#tokens.rawArgument() };
  }

  #matrix(): Expression {
    const name = this.#tokens.rawArgument();
    if (!/^([pbB]?matrix|array)$/.test(name)) throw new LatexSyntaxError(`the environment ${name}`);
    if (name === "array" && this.#tokens.peek() === "{") this.#tokens.rawArgument();
    const rows: Expression[][] = [[]];
    for (;;) {
      if (this.#tokens.accept("\\end")) break;
      if (this.#tokens.accept("\\\\")) {
        if (this.#tokens.peek() !== "\\end") rows.push([]);
      } else if (!this.#tokens.accept("&")) rows.at(-1)!.push(this.#sum());
    }
    if (this.#tokens.rawArgument() !== name) throw this.#tokens.unexpected();
    if (rows.some((row) => row.length !== rows[0]!.length || row.length === 0)) {
      throw new LatexSyntaxError("a matrix whose rows differ in length");
    }
    return { kind: "matrix", rows };
  }

  /** What stands between an opening and a closing sign. */
  #group(): Expression {
    const opening = this.#tokens.peek();
    const closing = CLOSINGS.get(opening);
    if (closing === undefined) throw this.#tokens.unexpected();
    this.#tokens.skip(1);
    const bars = this.#bars;
    this.#bars = closing === "|" ? 1 : 0;
    if (closing.endsWith("}") && opening !== "{" && this.#tokens.accept(closing))
      return { kind: "set", elements: [] };
    const elements = this.#elements();
    this.#bars = bars;
    if (opening === "(" || opening === "[") return this.#parenthesised(opening, elements);
    this.#tokens.expect(closing);
    if (opening === "\\{" || opening === "\\lbrace") return { kind: "set", elements };
    const [only, ...others] = elements;
    if (others.length > 0) throw this.#tokens.unexpected();
    if (opening === "{") return only!;
    const name = opening === "\\lfloor" ? "floor" : opening === "\\lceil" ? "ceil" : "abs";
    return { kind: "function", name, of: only! };
  }

  #parenthesised(opening: "(" | "[", elements: readonly Expression[]): Expression {
    const closing = this.#tokens.peek();
    if (!this.#tokens.accept(")", "]")) throw this.#tokens.unexpected();
    const [first, second, ...others] = elements;
    if (second === undefined) {
      if (CLOSINGS.get(opening) !== closing) throw this.#tokens.unexpected();
      return first!;
    }
    if (others.length > 0) {
      if (CLOSINGS.get(opening) !== closing) throw this.#tokens.unexpected();
      return { kind: "tuple", elements };
    }
    return {
      kind: "interval",
      low: first!,
      high: second,
      lowOpen: opening === "(",
      highOpen: closing === ")",
    };
  }
}

const asOne = (elements: readonly Expression[]): Expression =>
  elements.length === 1 ? elements[0]! : { kind: "set", elements };

/** One product of all factors, so that words in letters keep their order. */
function product(factors: readonly Expression[]): Expression {
  return {
    kind: "product",
    factors: factors.flatMap((factor) => (factor.kind === "product" ? factor.factors : [factor])),
  };
}

/** An integer before a fraction of integers; null where it is another product. */
function mixedNumber(whole: Expression, fraction: Expression): Expression | null {
  if (whole.kind !== "number" || whole.places !== null || whole.base !== null) return null;
  if (fraction.kind !== "quotient") return null;
  const { above, below } = fraction;
  if (above.kind !== "number" || below.kind !== "number") return null;
  if (above.places !== null || below.places !== null) return null;
  const value = rational(
    whole.value.numerator * below.value.numerator + above.value.numerator,
    below.value.numerator,
  );
  return value && { kind: "number", value, places: null, base: null };
}
