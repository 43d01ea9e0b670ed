/** @file What can be said of a regular expression of the Oniguruma library, which tokenizers are written in, without it. */

/** What a part of a pattern does. */
interface Part {
  /** Whether it can match nothing. Where that is not known: true. */
  readonly isEmpty: boolean;
  /** Whether there are places where it matches not even nothing. */
  readonly canFail: boolean;
  /** Whether something in it repeats without a bound. */
  readonly repeats: boolean;
  /** In how many ways it can match a run of {@link RUN} characters. */
  readonly ways: number;
  /** How many of them may be tried at one place before it fails. */
  readonly tried: number;
  /** Whether it may fail at each place of a long run, after it has read the rest of the run each time. */
  readonly isQuadratic: boolean;
}

/** What is known of a pattern. */
export interface PatternCost {
  readonly matchesNothing: boolean;
  /** Whether the time for a text may grow with the square of its length. */
  readonly isQuadratic: boolean;
}

/** Ways to match are counted as if a run had so many characters, which is more than all others together may be. */
const RUN = 1e12;
/** As often a place may be tried, once through a run each time. The library gives up after 10 million steps. */
const MOST_TRIED = 1e4;

/** Limits of patterns; published ones have a few hundred characters. */
const MOST_CHARACTERS = 10_000;
const MOST_NESTED = 50;
/** More repetitions than these are as good as unbounded. */
const MOST_REPETITIONS = 1000;

const ONE: Part = { isEmpty: false, canFail: true, repeats: false, ways: 1, tried: 1, isQuadratic: false };
const NOTHING: Part = { ...ONE, isEmpty: true, canFail: false, tried: 0 };
const PLACE: Part = { ...ONE, isEmpty: true };

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
 * Whether a pattern can match nothing, and how its time grows. A library that tries one way after the other needs no more
 * than a few passes over a run of characters for each place that a match may begin at. That is the square of the run's
 * length, but not where another alternative takes the whole run (`\s*[\r\n]+|\s+`): then one place is all.
 *
 * @throws {Error} with a sentence about a pattern that could take longer: one that repeats what repeats itself (`(a+)+` tries
 *   2^n ways on n characters), that divides a run in two before it fails (`a*a*b`), or that is longer or deeper than any
 *   tokenizer's
 */
export function patternCost(pattern: string): PatternCost {
  if (pattern.length > MOST_CHARACTERS) throw new Error(`has ${pattern.length} characters`);
  const { isEmpty, tried, isQuadratic } = new PatternReader(pattern).read();
  if (countable(tried) === Number.POSITIVE_INFINITY)
    throw new Error("can divide a text in too many ways before it fails");
  return { matchesNothing: isEmpty, isQuadratic };
}

/** A step of an alternative, as it is written before what repeats it. */
interface Step {
  readonly source: string;
  readonly part: Part;
  readonly isUnbounded: boolean;
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
    const all: (readonly Step[])[] = [];
    for (;;) {
      const steps: Step[] = [];
      while (this.#at < this.#pattern.length && !"|)".includes(this.#next())) steps.push(this.#repeated());
      all.push(steps);
      if (this.#next() !== "|") return oneOf(all);
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
  #repeated(): Step {
    const start = this.#at;
    let part = this.#atom();
    const source = this.#pattern.slice(start, this.#at);
    let isUnbounded = false;
    for (;;) {
      const isSign = this.#next() !== "{";
      const limits = this.#repetitions();
      if (limits === null) return { source, part, isUnbounded };
      const repeatsForEver = limits.most > MOST_REPETITIONS;
      if (repeatsForEver && part.repeats) throw new Error("repeats what repeats itself");
      isUnbounded ||= repeatsForEver;
      part = times(part, limits);
      // Lazy or possessive; what is possessive gives nothing back. Behind an interval the sign repeats once more.
      if (this.#next() === "?" || (isSign && this.#next() === "+")) {
        if (this.#next() === "+") part = { ...part, ways: 1 };
        this.#at += 1;
      }
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
    const group = isLookaround ? null : this.#take(GROUP);
    if (isLookaround || group) {
      this.#depth += 1;
      if (this.#depth > MOST_NESTED) throw new Error(`nests more than ${MOST_NESTED} groups`);
      const inner = this.#alternatives();
      this.#depth -= 1;
      if (this.#next() === ")") this.#at += 1;
      if (isLookaround) {
        // What it reads is read again at the next place.
        const isQuadratic = inner.isQuadratic || inner.repeats;
        const tried = Math.max(1, inner.tried);
        return { ...inner, isEmpty: true, canFail: true, ways: 1, tried, isQuadratic };
      }
      return group?.[0] === "(?>" ? { ...inner, ways: 1 } : inner;
    }
    if (this.#next() === "[") return this.#characterClass();
    ANCHOR_OR_REFERENCE.lastIndex = this.#at;
    const isEmpty = ANCHOR_OR_REFERENCE.test(this.#pattern) || "^$".includes(this.#next());
    if (!this.#take(ESCAPE)) this.#at += 1;
    return isEmpty ? PLACE : ONE;
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

/** A number of ways, or infinitely many where a run would be gone through too often. */
const countable = (ways: number): number =>
  (ways < RUN ? ways : ways / RUN) <= MOST_TRIED ? ways : Number.POSITIVE_INFINITY;

function inSequence(first: Part, second: Part): Part {
  return {
    isEmpty: first.isEmpty && second.isEmpty,
    canFail: first.canFail || second.canFail,
    repeats: first.repeats || second.repeats,
    ways: countable(first.ways * second.ways),
    // Behind what cannot fail nothing is tried again.
    tried: Math.max(first.tried, second.canFail ? countable(first.ways * second.tried) : second.tried),
    isQuadratic: first.isQuadratic || second.isQuadratic || (first.repeats && second.canFail),
  };
}

/** The whole of an alternative. A group alone is what is in it. */
const wholeOf = (steps: readonly Step[]): Part =>
  steps.length === 1 ? steps[0]!.part : steps.map(({ part }) => part).reduce(inSequence, NOTHING);

function oneOf(alternatives: readonly (readonly Step[])[]): Part {
  const parts = alternatives.map(wholeOf);
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  const taken = new Set(alternatives.flatMap(runsTaken));
  return {
    isEmpty: parts.some(({ isEmpty }) => isEmpty),
    canFail: parts.every(({ canFail }) => canFail),
    repeats: parts.some(({ repeats }) => repeats),
    ways: countable(sum(({ ways }) => ways)),
    tried: countable(sum(({ tried }) => tried)),
    isQuadratic: parts.some(({ isQuadratic }, index) => {
      const run = alternatives[index]!.find((step) => step.part.repeats);
      return isQuadratic && !(run && taken.has(run.source));
    }),
  };
}

/**
 * What an alternative takes whole runs of, whatever else is there: `x+` where all the rest may be missing; and of white space
 * also all but the last character (`\s+(?!\S)`).
 */
function runsTaken(steps: readonly Step[]): string[] {
  const isSpace = steps[0]?.source === "\\s";
  const counted = steps.filter(({ source }) => !(isSpace && source === "(?!\\S)"));
  const needed = counted.filter(({ part }) => part.canFail);
  const isTaken = needed.length === 1 && needed[0]!.isUnbounded && !wholeOf(counted).isQuadratic;
  return isTaken ? [needed[0]!.source] : [];
}

function times(part: Part, { least, most }: { readonly least: number; readonly most: number }): Part {
  const isUnbounded = most > MOST_REPETITIONS;
  let ways = 0;
  let tried = part.tried;
  if (isUnbounded) {
    // Where one round has several ways, as many rounds have more than can be counted.
    ways = part.ways > 1 ? Number.POSITIVE_INFINITY : RUN;
  } else {
    let ofRounds = 1;
    for (let rounds = 0; rounds <= most; rounds++) {
      if (rounds >= least) ways = countable(ways + ofRounds);
      if (rounds < most) tried = Math.max(tried, countable(ofRounds * part.tried));
      ofRounds = countable(ofRounds * part.ways);
    }
  }
  return {
    isEmpty: part.isEmpty || least === 0,
    canFail: part.canFail && least > 0,
    repeats: part.repeats || isUnbounded,
    ways,
    tried,
    isQuadratic: part.isQuadratic,
  };
}
