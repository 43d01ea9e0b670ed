/** @file A terminal that keeps lines whole and breaks them where its width says, as most do when they are resized. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are steered with control characters
const TOKENS = /\u001b\[(\d*)([A-Za-z])|[\r\n]|[^\u001b\r\n]+/g;

/** What a terminal shows after what was written to it. */
export class Screen {
  /** Whole lines, as they were written. */
  lines: string[] = [""];
  columns: number;
  rows = 24;
  #line = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  readonly write = (text: string): void => {
    for (const [token, count, command] of text.matchAll(TOKENS)) {
      if (token === "\r") this.#column -= this.#column % this.columns;
      else if (token === "\n") this.#newLine();
      else if (command === "A") this.#up(Number(count || 1));
      else if (command === "J") this.#eraseBelow();
      else if (command === "K") this.#set(this.#current.slice(0, this.#column));
      else if (command === undefined) this.#print(token);
    }
  };

  /** What can be seen, in lines of the terminal's width. */
  get visible(): string[] {
    return this.lines.flatMap((line) => broken(line, this.columns));
  }

  get #current(): string {
    return this.lines[this.#line]!;
  }

  #set(text: string): void {
    this.lines[this.#line] = text;
  }

  #print(text: string): void {
    const characters = [...this.#current.padEnd(this.#column)];
    characters.splice(this.#column, [...text].length, ...text);
    this.#set(characters.join(""));
    this.#column += [...text].length;
  }

  #newLine(): void {
    this.#line++;
    this.#column = 0;
    if (this.#line === this.lines.length) this.lines.push("");
  }

  #up(count: number): void {
    for (let row = 0; row < count; row++) {
      if (this.#column >= this.columns) this.#column -= this.columns;
      else if (this.#line > 0) {
        this.#line--;
        const rows = broken(this.#current, this.columns).length;
        this.#column = (rows - 1) * this.columns + (this.#column % this.columns);
      }
    }
  }

  #eraseBelow(): void {
    this.#set([...this.#current].slice(0, this.#column).join(""));
    this.lines.length = this.#line + 1;
  }
}

function broken(line: string, columns: number): string[] {
  const characters = [...line];
  const parts = Array.from({ length: Math.ceil(characters.length / columns) }, (_, at) =>
    characters.slice(at * columns, (at + 1) * columns).join(""),
  );
  return parts.length === 0 ? [""] : parts;
}
