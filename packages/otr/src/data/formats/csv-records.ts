/** @file Splits CSV into records, by RFC 4180. */

/** A record with the line at which it starts: its cells, or what is wrong with it. */
export type CsvRecord = { readonly line: number } & (
  | { readonly cells: readonly string[] }
  | { readonly problem: string }
);

/**
 * Splits text that comes in blocks of whole lines. Cells may be quoted with `"`, and then hold separators, line ends and
 * doubled quotes; a quote inside of a cell without quotes stands for itself. Lines end with `\n` or `\r\n`; empty ones are
 * passed over. Why no library: those at hand replace what is no UTF-8 in silence, and find an open quote at the end of
 * the file.
 */
export class CsvRecords {
  readonly #separator: string;
  #line = 1;
  #recordLine = 1;
  #cells: string[] = [];
  /** What has been read of a quoted cell that is still open; null outside of one. */
  #open: string[] | null = null;
  #quoteLine = 1;
  /** Characters of the record so far. */
  #size = 0;
  #problem: string | null = null;
  /** The next separator and line end of the block, looked for once each. */
  #nextSeparator = -1;
  #nextLineEnd = -1;

  /** @param separator one character */
  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The line of the quote that is open, and how many characters its record has; null where none is. */
  get openQuote(): { readonly line: number; readonly characters: number } | null {
    return this.#open === null ? null : { line: this.#quoteLine, characters: this.#size };
  }

  /** The records that end in the next lines. */
  *push(lines: string): Generator<CsvRecord> {
    // The last line of a file may lack its end.
    const text = lines.endsWith("\n") ? lines : `${lines}\n`;
    this.#nextSeparator = -1;
    this.#nextLineEnd = -1;
    let at = 0;
    while (at < text.length) {
      if (this.#open !== null) at = this.#readQuoted(text, at, this.#open);
      else if (text[at] === '"') at = this.#openCell(at);
      else at = this.#readPlain(text, at);
      if (this.#open !== null || text[at - 1] !== "\n") continue;
      const record = this.#takeRecord();
      if (record !== null) yield record;
    }
  }

  #openCell(at: number): number {
    this.#open = [];
    this.#quoteLine = this.#line;
    return at + 1;
  }

  /** Reads a cell without quotes and what ends it; returns where the next one starts. */
  #readPlain(text: string, start: number): number {
    const lineEnd = this.#lineEnd(text, start);
    if (this.#nextSeparator < start) {
      const found = text.indexOf(this.#separator, start);
      this.#nextSeparator = found < 0 ? text.length : found;
    }
    const end = Math.min(this.#nextSeparator, lineEnd);
    const isLast = end === lineEnd;
    const cell = text.slice(start, isLast && text[end - 1] === "\r" && end > start ? end - 1 : end);
    if (cell.includes("\r")) {
      this.#problem ??= "holds a carriage return outside of quotes; end the lines with LF or CRLF";
    }
    this.#cells.push(cell);
    this.#size += cell.length;
    if (isLast) this.#line += 1;
    return end + 1;
  }

  #lineEnd(text: string, start: number): number {
    if (this.#nextLineEnd < start) this.#nextLineEnd = text.indexOf("\n", start);
    return this.#nextLineEnd;
  }

  /** Reads on in a quoted cell; returns where the next one starts, or the end of the text where it stays open. */
  #readQuoted(text: string, start: number, open: string[]): number {
    let at = start;
    for (;;) {
      const quote = text.indexOf('"', at);
      const end = quote < 0 ? text.length : quote;
      const piece = text.slice(at, end);
      open.push(piece);
      this.#size += piece.length;
      this.#line += countLineFeeds(piece);
      if (quote < 0) return end;
      at = quote + 1;
      if (text[at] !== '"') break;
      open.push('"');
      at += 1;
    }
    this.#cells.push(open.join(""));
    this.#open = null;
    if (text[at] === this.#separator) return at + 1;
    const lineEnd = this.#lineEnd(text, at);
    const rest = text.slice(at, lineEnd);
    if (rest !== "" && rest !== "\r") {
      this.#problem ??=
        "has text behind a closing quote; double the quotes that belong to a cell, and quote the whole cell";
    }
    this.#line += 1;
    return lineEnd + 1;
  }

  #takeRecord(): CsvRecord | null {
    const line = this.#recordLine;
    const cells = this.#cells;
    const problem = this.#problem;
    this.#recordLine = this.#line;
    this.#cells = [];
    this.#size = 0;
    this.#problem = null;
    if (problem !== null) return { line, problem };
    return cells.length === 1 && cells[0]!.trim() === "" ? null : { line, cells };
  }
}

function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
