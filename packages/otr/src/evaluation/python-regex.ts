/** @file Regular expressions of Python, run by JavaScript's engine with Python's meaning and within a time limit. */
import { createContext, Script } from "node:vm";
import { DataError } from "../errors.js";

/** `str.isspace` and `\s`. */
const WHITE_SPACE =
  "\\t-\\r\\u{1c}-\\u{20}\\u{85}\\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}";
const WORD = "\\p{L}\\p{N}_";
/** Any character (Node 20 takes `[^]` otherwise with the flag v), the start and the end of the text. */
const ANY = "[\\s\\S]";
const START = `(?<!${ANY})`;
const END = `(?!${ANY})`;

const CLASSES: Readonly<Record<string, string>> = {
  d: "[\\p{Nd}]",
  D: "[^\\p{Nd}]",
  s: `[${WHITE_SPACE}]`,
  S: `[^${WHITE_SPACE}]`,
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
};
const PLACES: Readonly<Record<string, string>> = {
  A: START,
  Z: END,
  b: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  B: `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const HEX_ESCAPE = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;
const INTERVAL = /\{(\d*)(,?)(\d*)\}/y;
const LEADING_FLAGS = /^\(\?([a-zA-Z]+)\)/;
/** Openings of groups that mean the same here and there. */
const GROUP = /\((?:\?(?:[:=!]|<[=!]))?(?!\?)/y;
const NAMED_GROUP = /\(\?P<(\w+)>/y;
const COMMENT = /\(\?#[^)]*\)/y;

/** What one search may take: far beyond any sound pattern over an answer. */
const TIME_LIMIT_MILLISECONDS = 2000;

/** A pattern of Python's `re`. */
export class PythonRegex {
  readonly #regex: RegExp;

  /** @throws {DataError} `TASK_REGEX` for a pattern that is wrong, or whose meaning JavaScript's engine cannot give */
  constructor(readonly pattern: string) {
    const refuse = (reason: string): DataError =>
      new DataError(
        "TASK_REGEX",
        `the regular expression ${JSON.stringify(pattern)} ${reason}; write it in another way`,
      );
    try {
      const { source, flags } = new Translation(pattern).translate();
      this.#regex = new RegExp(source, flags);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw refuse(error instanceof SyntaxError ? `is wrong (${error.message})` : error.message);
    }
  }

  /**
   * `re.findall`: the matches, or of each match its group, or its groups where there are several. (Where a pattern prefers
   * to match nothing, as `a*?` does, Python looks for something at the same place next, which is not done here.)
   */
  findAll(text: string): (string | string[])[] {
    return this.#limited(() =>
      Array.from(text.matchAll(this.#regex), ([whole, ...groups]) => {
        const texts = groups.map((group) => group ?? "");
        return texts.length === 0 ? whole : texts.length === 1 ? texts[0]! : texts;
      }),
    );
  }

  /** `re.search`: whether the pattern matches anywhere. */
  isIn(text: string): boolean {
    return this.#limited(() => text.search(this.#regex) >= 0);
  }

  /** `re.split` of a pattern without groups, and of which no match is empty. */
  split(text: string): string[] {
    return this.#limited(() => text.split(this.#regex));
  }

  /** `re.sub` with a text that holds no references. */
  replaceAll(text: string, replacement: string): string {
    return this.#limited(() => text.replaceAll(this.#regex, () => replacement));
  }

  /** @throws {DataError} `TASK_REGEX_TIME` where the engine tries too many ways */
  #limited<Result>(search: () => Result): Result {
    try {
      return runLimited(search);
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), "code");
      if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw new DataError(
        "TASK_REGEX_TIME",
        `the regular expression ${JSON.stringify(this.pattern)} takes more than ${TIME_LIMIT_MILLISECONDS / 1000} s on ` +
          "one answer, because it can match in too many ways; write it so that repetitions do not overlap",
      );
    }
  }
}

/** What {@link runLimited} is to run; one context for all, because each takes milliseconds to make. */
const work = { search: (): void => {} };
const context = createContext(work);
const call = new Script("search()");

/** The result of a function, which is stopped, in the midst of a regular expression too, when its time is over. */
function runLimited<Result>(search: () => Result): Result {
  let result: { readonly value: Result } | null = null;
  work.search = () => {
    result = { value: search() };
  };
  call.runInContext(context, { timeout: TIME_LIMIT_MILLISECONDS });
  return result!.value;
}

/** The pattern in JavaScript's notation, read from left to right. */
class Translation {
  #at = 0;
  readonly #flags: ReadonlySet<string>;

  constructor(readonly pattern: string) {
    const flags = LEADING_FLAGS.exec(pattern);
    this.#flags = new Set(flags?.[1] ?? "");
    this.#at = flags?.[0].length ?? 0;
    for (const flag of this.#flags) {
      if (!"imsu".includes(flag)) throw new Error(`has the flag (?${flag}), which is not known here`);
    }
  }

  translate(): { readonly source: string; readonly flags: string } {
    let source = "";
    while (this.#at < this.pattern.length) source += this.#next();
    return { source, flags: this.#flags.has("i") ? "giv" : "gv" };
  }

  #next(): string {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at)!);
    const isMultiline = this.#flags.has("m");
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case "\\":
        return this.#escape();
      case "{":
        return this.#interval();
      case ".":
        return this.#take(1, this.#flags.has("s") ? ANY : "[^\\n]");
      case "^":
        return this.#take(1, isMultiline ? "(?<![^\\n])" : START);
      case "$":
        return this.#take(1, isMultiline ? "(?![^\\n])" : `(?=\\n?${END})`);
      case "*":
      case "+":
      case "?":
        return this.#quantifier(1, character);
      case ")":
      case "|":
        return this.#take(1, character);
      default:
        return this.#take(character.length, literal(character));
    }
  }

  #take(length: number, translated: string): string {
    this.#at += length;
    return translated;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    return expression.exec(this.pattern);
  }

  #group(): string {
    const comment = this.#match(COMMENT);
    if (comment !== null) return this.#take(comment[0].length, "");
    const named = this.#match(NAMED_GROUP);
    if (named !== null) return this.#take(named[0].length, `(?<${named[1]}>`);
    const plain = this.#match(GROUP);
    if (plain !== null) return this.#take(plain[0].length, plain[0]);
    throw new Error(
      `has a group of a kind that is not known here: ${this.pattern.slice(this.#at, this.#at + 8)}`,
    );
  }

  #quantifier(length: number, translated: string): string {
    this.#at += length;
    const behind = this.pattern[this.#at];
    if (behind === "+") throw new Error("has a possessive repetition, which JavaScript does not know");
    return behind === "?" ? this.#take(1, `${translated}?`) : translated;
  }

  #interval(): string {
    const [whole, least = "", comma = "", most = ""] = this.#match(INTERVAL) ?? [];
    if (whole === undefined || least + most === "" || (comma === "" && least === ""))
      return this.#take(1, literal("{"));
    return this.#quantifier(whole.length, `{${least === "" ? "0" : least}${comma}${most}}`);
  }

  #escape(): string {
    const name = this.pattern[this.#at + 1] ?? "";
    const place = PLACES[name];
    if (place !== undefined) return this.#take(2, place);
    if (/[1-9]/.test(name))
      throw new Error("refers to a group by its number, which JavaScript reads otherwise");
    const known = CLASSES[name];
    return known === undefined ? literal(this.#escapedCharacter()) : this.#take(2, known);
  }

  /** The character that an escape stands for. */
  #escapedCharacter(): string {
    this.#at += 1;
    const name = this.pattern[this.#at];
    if (name === undefined) throw new Error("ends in a backslash");
    const hex = this.#match(HEX_ESCAPE);
    if (hex !== null) {
      this.#at += hex[0].length;
      return String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16));
    }
    const control = name === "0" ? 0 : CONTROLS[name];
    if (control !== undefined) return this.#take(1, String.fromCharCode(control));
    if (/[a-zA-Z0-9]/.test(name))
      throw new Error(`has \\${name}, which is no escape of Python's that is known here`);
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at)!);
    return this.#take(character.length, character);
  }

  #set(): string {
    const start = this.#at;
    this.#at += 1;
    const isNegated = this.pattern[this.#at] === "^";
    if (isNegated) this.#at += 1;
    const first = this.#at;
    let items = "";
    while (this.pattern[this.#at] !== "]" || this.#at === first) {
      if (this.#at >= this.pattern.length) throw new Error(`has [ without ] at position ${start}`);
      items += this.#setItem();
    }
    this.#at += 1;
    return `[${isNegated ? "^" : ""}${items}]`;
  }

  #setItem(): string {
    const known = this.pattern[this.#at] === "\\" ? CLASSES[this.pattern[this.#at + 1] ?? ""] : undefined;
    if (known !== undefined) return this.#take(2, known);
    const from = this.#setCharacter();
    const isRange = this.pattern[this.#at] === "-" && !["]", undefined].includes(this.pattern[this.#at + 1]);
    if (!isRange) return literal(from);
    this.#at += 1;
    return `${literal(from)}-${literal(this.#setCharacter())}`;
  }

  #setCharacter(): string {
    if (this.pattern[this.#at] !== "\\") {
      const character = String.fromCodePoint(this.pattern.codePointAt(this.#at)!);
      return this.#take(character.length, character);
    }
    if (this.pattern[this.#at + 1] === "b") return this.#take(2, "\b");
    return this.#escapedCharacter();
  }
}

/** A character that means itself, inside and outside of sets. */
function literal(character: string): string {
  return /^[a-zA-Z0-9]$/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
