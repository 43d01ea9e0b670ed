/**
 * @file The text of control tokens where it is meant literally. A user who writes `<|im_end|>` must not end the turn: such
 * text is marked in the messages, before a template writes it, and broken by its mark it is no token any more.
 */

/**
 * The mark. It becomes no token itself. (U+FDD0 is a noncharacter: Unicode keeps it for a program's inner use.)
 */
export const LITERAL_MARK = "\uFDD0";

/** The text without its marks. */
export function withoutLiteralMarks(text: string): string {
  return text.replaceAll(LITERAL_MARK, "");
}

/** Finds and marks the control tokens of a tokenizer in text. */
export class ControlTokens {
  /** The tokens that a mark can break: those of more than one character. */
  readonly breakable: readonly string[];
  readonly #written: RegExp | null;
  readonly #spelled: RegExp | null;
  /** Proper beginnings and ends of the tokens. */
  readonly #beginnings = new Set<string>();
  readonly #ends = new Set<string>();
  readonly #longest: number;

  /** @param tokens their texts. Those of one character are left alone. */
  constructor(tokens: readonly string[]) {
    const breakable = tokens.filter((token) => [...token].length > 1);
    this.breakable = breakable.sort((a, b) => b.length - a.length);
    const alternatives = breakable.map(escapeForPattern);
    const pattern = alternatives.length === 0 ? null : alternatives.join("|");
    this.#written = pattern === null ? null : new RegExp(pattern, "g");
    // A template may change the case of what it writes.
    this.#spelled = pattern === null ? null : new RegExp(pattern, "gi");
    this.#longest = breakable[0]?.length ?? 0;
    for (const token of breakable) {
      for (let at = 1; at < token.length; at++) {
        this.#beginnings.add(token.slice(0, at));
        this.#ends.add(token.slice(at));
      }
    }
  }

  /** Puts a mark behind the first character of every control token. */
  mark(text: string): string {
    if (this.#spelled === null) return text;
    return text.replaceAll(this.#spelled, (token) => {
      const [first] = token;
      return first + LITERAL_MARK + token.slice(first!.length);
    });
  }

  /**
   * Puts a mark at the edges of a text, white space aside, where it could be a part of a control token whose other part
   * stands beside it: in front of `end|>`, behind `<|im_`.
   */
  markEdges(text: string): string {
    const inner = text.trim();
    if (inner === "") return text;
    const start = text.indexOf(inner);
    const before = this.#someLength(inner, (length) => this.#ends.has(inner.slice(0, length)));
    const behind = this.#someLength(inner, (length) => this.#beginnings.has(inner.slice(-length)));
    const marked = (before ? LITERAL_MARK : "") + inner + (behind ? LITERAL_MARK : "");
    return text.slice(0, start) + marked + text.slice(start + inner.length);
  }

  #someLength(text: string, test: (length: number) => boolean): boolean {
    for (let length = 1; length <= Math.min(text.length, this.#longest); length++) {
      if (test(length)) return true;
    }
    return false;
  }

  /** The control tokens that no mark breaks, in order. */
  *find(text: string): Generator<{ readonly token: string; readonly index: number }> {
    if (this.#written === null) return;
    for (const { 0: token, index } of text.matchAll(this.#written)) yield { token, index };
  }
}

/** A text as a regular expression that matches it. */
export function escapeForPattern(token: string): string {
  return token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
