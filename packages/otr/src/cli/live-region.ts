/** @file Lines at the end of a terminal that are drawn over themselves. */
import { terminalWidth } from "./fit-terminal.js";

/** The part of `process.stderr` that live lines use. */
export interface LiveStream {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const UP = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : "");
const ERASE_BELOW = "\u001b[J";

/** Lines that stay below everything else. They are cut to the terminal, whose size may change at any time. */
export class LiveRegion {
  readonly #stream: LiveStream;
  /** Lengths of the lines that stand there. */
  #drawn: readonly number[] = [];

  constructor(stream: LiveStream) {
    this.#stream = stream;
  }

  /** Shows these lines in the place of those before. */
  draw(lines: readonly string[]): void {
    // The last column stays free: some terminals break the line when it is filled. So does a row, or they scroll.
    const width = Math.max(1, terminalWidth(this.#stream) - 1);
    const height = Math.max(1, (this.#stream.rows || 24) - 1);
    const shown = lines.slice(-height).map((line) => [...line].slice(0, width).join(""));
    this.#stream.write(`${this.#back()}${shown.join("\n")}`);
    this.#drawn = shown.map((line) => [...line].length);
  }

  /** Takes the lines off the screen, so that others can be written. */
  clear(): void {
    if (this.#drawn.length > 0) this.#stream.write(this.#back());
    this.#drawn = [];
  }

  /** Leaves the lines where they are: something was written behind them, and the next are drawn behind that. */
  leave(): void {
    this.#drawn = [];
  }

  /** To the beginning of the first line, with everything from there on erased. */
  #back(): string {
    if (this.#drawn.length === 0) return "";
    // A terminal that has become narrower has broken them.
    const width = terminalWidth(this.#stream);
    const rows = this.#drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / width)), 0);
    return `\r${UP(rows - 1)}${ERASE_BELOW}`;
  }
}
