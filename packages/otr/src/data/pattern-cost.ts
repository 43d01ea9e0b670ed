/** @file What can be said of a regular expression of the Oniguruma library, which tokenizers are written in, without it. */

/** What a part of a pattern does. */
interface Part {
  /** Whether it can match nothing. Where that is not known: true. */
  readonly isEmpty: boolean;
  /** Whether something in it repeats without a bound. */
  readonly repeats: boolean;
}

/** Limits of patterns; published ones have a few hundred characters. */
const MOST_CHARACTERS = 10_000;
const MOST_NESTED = 50;
/** More repetitions than these are as good as unbounded. */
const MOST_REPETITIONS = 1000;

const ONE: Part = { isEmpty: false, repeats: false };
const NOTHING: Part = { isEmpty: true, repeats: false };

/** An interval such as `{1,3}`, `{2,}` or `{,5}`. */
const INTERVAL = /\{(?:(\d+)(,?)(\d*)|,(\d+))\}/y;
/** A group's opening: a lookaround, a comment or options alone, a name, options, or nothing but the parenthesis. */
const LOOKAROUND = /\(\?<?[=!]/y;
const COMMENT = /\(\?#[^)]*\)|\(\?[a-zA-Z-]+\)/y;
const GROUP = /\((?:\?(?:[:>]|[a-zA-Z-]+:|<\w+>|'\w+'))?/y;
/** What stands for a place, and for what a group matched. */
const ANCHOR_OR_REFERENCE = /\\(?:[AbBzZGKyY1-9]|[kg][<'])/y;
const ESCAPE = /\\(?:[pPx]\{[^}]*\}|[kg]<[^>]*>|[kg]'[^']*'|[\s\S])/y;

/**
 * Whether a pattern can match nothing.
 *
 * @throws {Error} with a sentence about a pattern that could take very long: one that repeats what repeats itself
 *   (`(a+)+` tries 2^n ways on n characters), or that is longer or deeper than any tokenizer's
 */
export function canMatchNothing(pattern: string): boolean {
  if (pattern.length > MOST_CHARACTERS) throw new Error(`has ${pattern.length} characters`);
  const reader = new PatternReader(pattern);
  return reader.read().isEmpty;
}

/** Reads a pattern from left to right. */
class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** The whole pattern; parentheses that close nothing are left to the library, which refuses them. */
  read(): Part {
    let whole = this.#alternatives();
    while (this.#at < this.#pattern.length) {
      this.#at += 1;
      whole = inSequence(whole, this.#alternatives());
    }
    return whole;
  }

  /** Alternatives up to the end of the group or of the pattern. */
  #alternatives(): Part {
    let all: Part | null = null;
    for (;;) {
      let part = NOTHING;
      while (this.#at < this.#pattern.length && !"|)".includes(this.#next())) {
        part = inSequence(part, this.#repeated());
      }
      all = all === null ? part : either(all, part);
      if (this.#next() !== "|") return all;
      this.#at += 1;
    }
  }

  #next(): string {
    return this.#pattern[this.#at] ?? "";
  }

  /** Takes what `expression` (sticky) matches here; null where it matches nothing. */
  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#pattern);
    if (match) this.#at += match[0].length;
    return match;
  }

  /** One atom with what says how often it stands there. */
  #repeated(): Part {
    let part = this.#atom();
    for (;;) {
      const limits = this.#repetitions();
      if (limits === null) return part;
      const isUnbounded = limits.most > MOST_REPETITIONS;
      if (isUnbounded && part.repeats) throw new Error("repeats what repeats itself");
      part = { isEmpty: part.isEmpty || limits.least === 0, repeats: part.repeats || isUnbounded };
      // Lazy or possessive.
      if ("?+".includes(this.#next()) && this.#next() !== "") this.#at += 1;
    }
  }

  #repetitions(): { least: number; most: number } | null {
    const sign = this.#next();
    const known = { "*": [0, Number.POSITIVE_INFINITY], "+": [1, Number.POSITIVE_INFINITY], "?": [0, 1] };
    if (sign === "*" || sign === "+" || sign === "?") {
      this.#at += 1;
      const [least, most] = known[sign];
      return { least: least!, most: most! };
    }
    const interval = this.#take(INTERVAL);
    if (interval === null) return null;
    const [, least, comma, most, only] = interval;
    if (only !== undefined) return { least: 0, most: Number(only) };
    const fewest = Number(least);
    if (comma === "") return { least: fewest, most: fewest };
    return { least: fewest, most: most === "" ? Number.POSITIVE_INFINITY : Number(most) };
  }

  #atom(): Part {
    if (this.#take(COMMENT)) return NOTHING;
    const isLookaround = this.#take(LOOKAROUND) !== null;
    if (isLookaround || this.#take(GROUP)) {
      this.#depth += 1;
      if (this.#depth > MOST_NESTED) throw new Error(`nests more than ${MOST_NESTED} groups`);
      const inner = this.#alternatives();
      this.#depth -= 1;
      if (this.#next() === ")") this.#at += 1;
      return isLookaround ? { ...inner, isEmpty: true } : inner;
    }
    if (this.#next() === "[") return this.#characterClass();
    ANCHOR_OR_REFERENCE.lastIndex = this.#at;
    const isEmpty = ANCHOR_OR_REFERENCE.test(this.#pattern) || "^$".includes(this.#next());
    if (!this.#take(ESCAPE)) this.#at += 1;
    return isEmpty ? NOTHING : ONE;
  }

  /** A class in brackets, which may hold others. */
  #characterClass(): Part {
    let open = 0;
    do {
      const sign = this.#next();
      if (sign === "[") {
        open += 1;
        this.#at += 1;
        if (this.#next() === "^") this.#at += 1;
        // In the first place the bracket is a character.
        if (this.#next() === "]") this.#at += 1;
      } else if (!this.#take(ESCAPE)) {
        if (sign === "]") open -= 1;
        this.#at += 1;
      }
    } while (open > 0 && this.#at < this.#pattern.length);
    return ONE;
  }
}

const inSequence = (first: Part, second: Part): Part => ({
  isEmpty: first.isEmpty && second.isEmpty,
  repeats: first.repeats || second.repeats,
});

const either = (first: Part, second: Part): Part => ({
  isEmpty: first.isEmpty || second.isEmpty,
  repeats: first.repeats || second.repeats,
});
