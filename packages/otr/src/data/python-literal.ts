/** @file Python's literals: read from text as `ast.literal_eval` does, and written as `str` and `repr` do. */

/** A value that a literal stands for. Numbers keep their text, because `1` and `1.0` are written differently. */
export type PythonValue =
  | string
  | boolean
  | null
  | { readonly number: string }
  | { readonly tuple: readonly PythonValue[] }
  | readonly PythonValue[];

/** More parentheses than these are no data. */
const MOST_NESTED = 100;

/** The value of a literal; undefined for what is none: expressions, sets, dictionaries and bytes are not read. */
export function parsePythonLiteral(text: string): PythonValue | undefined {
  const reader = new LiteralReader(text);
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

/** What Python's `str` makes of a value: a text is itself, and what is in a list is written as `repr` does. */
export function pythonStr(value: PythonValue | number): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

function pythonRepr(value: PythonValue | number): string {
  if (typeof value === "string") return textRepr(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (typeof value === "number") return String(value);
  if ("number" in value) return value.number;
  if ("tuple" in value) {
    const items = value.tuple.map(pythonRepr);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  return `[${value.map(pythonRepr).join(", ")}]`;
}

function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const named: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = text.replace(/[\\\p{C}\p{Z}'"]/gu, (character) => {
    if (character === " " || (character !== quote && /['"]/.test(character))) return character;
    if (character === quote) return `\\${quote}`;
    const hex = character.codePointAt(0)!.toString(16);
    const numbered =
      hex.length <= 2
        ? `\\x${hex.padStart(2, "0")}`
        : hex.length <= 4
          ? `\\u${hex.padStart(4, "0")}`
          : `\\U${hex.padStart(8, "0")}`;
    return named[character] ?? numbered;
  });
  return quote + escaped + quote;
}

/** The text is no literal that is read here. */
class NoLiteral extends Error {}

const SPACE = /[ \t\n\f\r]*/y;
const SIGN = /(?:\+|(-))[ \t]*/y;
const WORD = /True|False|None/y;
const FLOAT = /(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*(?=[eE]))(?:[eE][+-]?\d+)?/y;
const INTEGER = /0+|[1-9](?:_?\d)*/y;
const TEXT = /'((?:[^'\\\n]|\\[\\'"ntr])*)'|"((?:[^"\\\n]|\\[\\'"ntr])*)"/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

class LiteralReader {
  #at = 0;
  #depth = 0;

  constructor(readonly text: string) {}

  read(): PythonValue {
    const value = this.#value();
    this.#take(SPACE);
    if (this.#at < this.text.length) throw new NoLiteral();
    return value;
  }

  #value(): PythonValue {
    this.#take(SPACE);
    if (this.text[this.#at] === "[") return this.#items("]").items;
    if (this.text[this.#at] === "(") {
      const { items, hasComma } = this.#items(")");
      if (items.length === 1 && !hasComma) return items[0]!;
      return { tuple: items };
    }
    const word = this.#take(WORD);
    if (word !== null) return word[0] === "None" ? null : word[0] === "True";
    const text = this.#take(TEXT);
    if (text !== null)
      return (text[1] ?? text[2] ?? "").replace(/\\(.)/g, (_, name: string) => ESCAPES[name] ?? name);
    return this.#number();
  }

  #number(): PythonValue {
    const sign = this.#take(SIGN)?.[1] ?? "";
    const float = this.#take(FLOAT);
    if (float !== null) return { number: sign + floatRepr(Number(float[0].replaceAll("_", ""))) };
    const integer = this.#take(INTEGER);
    if (integer === null || /[\w.]/.test(this.text[this.#at] ?? "")) throw new NoLiteral();
    const value = BigInt(integer[0].replaceAll("_", ""));
    return { number: value === 0n ? "0" : `${sign}${value}` };
  }

  #items(end: string): { readonly items: PythonValue[]; readonly hasComma: boolean } {
    this.#depth += 1;
    if (this.#depth > MOST_NESTED) throw new NoLiteral();
    this.#at += 1;
    const items: PythonValue[] = [];
    let hasComma = false;
    for (;;) {
      this.#take(SPACE);
      if (this.text[this.#at] === end) break;
      if (items.length > 0 && !hasComma) throw new NoLiteral();
      items.push(this.#value());
      this.#take(SPACE);
      hasComma = this.text[this.#at] === ",";
      if (hasComma) this.#at += 1;
    }
    this.#at += 1;
    this.#depth -= 1;
    return { items, hasComma };
  }

  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }
}

/** Python's shortest form: `1.0`, `1e-05`, `1e+16`. */
function floatRepr(value: number): string {
  if (!Number.isFinite(value)) return "inf";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = value.toLocaleString("en", {
    useGrouping: false,
    maximumFractionDigits: 20,
    maximumSignificantDigits: 17,
  });
  const shortest = /e/.test(String(value)) ? plain : String(value);
  return shortest.includes(".") ? shortest : `${shortest}.0`;
}
