import { LatexSyntaxError, type Token } from "./tokenize-latex.js";

/** Goes through the tokens of an answer. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token that comes next; undefined at the end. */
  next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** A coming token as text, commands with their backslash; empty at the end and for words. */
  peek(ahead = 0): string {
    const token = this.#tokens[this.#at + ahead];
    if (!token || token.kind === "words") return "";
    return token.kind === "command" ? `\\${token.text}` : token.text;
  }

  /** Whether one of these comes next, which is then behind. */
  accept(...texts: readonly string[]): boolean {
    if (!texts.includes(this.peek())) return false;
    this.#at++;
    return true;
  }

  /** @throws {LatexSyntaxError} if something else comes next */
  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected();
  }

  unexpected(): LatexSyntaxError {
    return new LatexSyntaxError(`unexpected ${this.peek() || "end"} at token ${this.#at}`);
  }

  /**
   * The tokens of an argument, one or those in braces, as one text.
   *
   * @throws {LatexSyntaxError} where the text ends before the argument
   */
  rawArgument(): string {
    const texts: string[] = [];
    let depth = 0;
    do {
      const token = this.#tokens[this.#at++];
      if (!token) throw this.unexpected();
      if (token.kind === "sign" && token.text === "{") depth++;
      else if (token.kind === "sign" && token.text === "}") depth--;
      else texts.push(token.text);
    } while (depth > 0);
    return texts.join("");
  }
}
