/** @file Finds the rows of a JSON document that comes in pieces: one list, or one object with one list of rows. */

/** A row of the document, as it stands there but for its line ends. */
export interface JsonRow {
  readonly json: Buffer;
  /** The line at which it starts. */
  readonly line: number;
}

/** What makes the document unreadable, and the line at which it was found. */
export class JsonDocumentError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

const code = (character: string): number => character.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code("\\");
const COMMA = code(",");
const LINE_FEED = code("\n");
const SPACE = code(" ");
const BRACKET = code("[");
const BRACE = code("{");
const OPENING = new Set([BRACKET, BRACE]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const CLOSING = new Set([code("]"), code("}")]);

/** Rows are flat; what is nested deeper is no data, and would overflow the stack of whoever walks it. */
const DEEPEST = 500;

/**
 * Cuts a document into its rows without parsing them. What stands around the rows, the frame, is kept and parsed at the end, so
 * that nothing in the file goes unchecked.
 */
export class JsonRows {
  readonly #largest: number;
  #line = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** How deep the rows lie: 1 in a list, 2 in an object's list; 0 before the document has begun. */
  #rowDepth = 0;
  /** Whether a list has just been opened where the rows may be. */
  #mayHoldRows = false;
  #inRows = false;
  #foundRows = false;
  /** Whether a comma stands behind the last row. */
  #needsRow = false;
  /** The pieces of the row that is being read. */
  #row: Buffer[] | null = null;
  #rowLine = 1;
  #rowBytes = 0;
  readonly #frame: Buffer[] = [];
  #frameBytes = 0;

  /** @param largest bytes of the largest row, and of the largest frame */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /**
   * The rows that end in the next piece.
   * @throws JsonDocumentError
   */
  *push(chunk: Buffer): Generator<JsonRow> {
    // Where what is being read, row or frame, starts in this piece.
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString && !this.#escaped) at = endOfPlainText(chunk, at);
      const byte = chunk[at];
      if (byte === undefined) break;
      if (byte === LINE_FEED) this.#line += 1;
      if (this.#inString) {
        this.#readInString(byte);
        continue;
      }
      if (byte <= SPACE) continue;
      if (this.#rowDepth === 0 && !OPENING.has(byte) && !BYTE_ORDER_MARK.includes(byte)) {
        throw this.#error(
          `begins with ${quoted(chunk.subarray(at, at + 20))}, and a JSON document with [ or {; if the file holds CSV, TSV or ` +
            "text, end its name with .csv, .tsv or .txt",
        );
      }
      const isBetween = this.#inRows && this.#depth === this.#rowDepth;
      if (isBetween && (byte === COMMA || CLOSING.has(byte))) {
        if (this.#row !== null) yield this.#endRow(chunk.subarray(start, at));
        else if (byte === COMMA || this.#needsRow) throw this.#error("has a comma without a row beside it");
        this.#needsRow = byte === COMMA;
        this.#inRows = byte === COMMA;
        // The bracket belongs to the frame.
        start = at;
      } else if (isBetween && this.#row === null) {
        this.#startRow();
        start = at;
      } else if (this.#opensRows(byte)) {
        this.#keepFrame(chunk.subarray(start, at));
        this.#inRows = true;
        this.#startRow();
        start = at;
      }
      if (byte === QUOTE) this.#inString = true;
      else if (OPENING.has(byte)) this.#open(byte);
      else if (CLOSING.has(byte)) this.#close();
    }
    const rest = chunk.subarray(start);
    if (this.#row !== null) this.#keepRow(rest);
    else if (!this.#inRows) this.#keepFrame(rest);
  }

  /**
   * Checks what stands around the rows; a file of blanks has none.
   * @throws JsonDocumentError
   */
  finish(): void {
    if (this.#depth > 0 || this.#inString) {
      throw this.#error("ends in the middle of the document; the file is cut short");
    }
    const frame = Buffer.concat(this.#frame)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
    if (frame.trim() === "") return;
    try {
      JSON.parse(frame);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#error(`is not valid JSON around its rows (${reason})`);
    }
    if (this.#foundRows) return;
    throw this.#error(
      'has no list of rows; give [{"prompt": "...", "completion": "..."}, ...], or an object with one such list',
    );
  }

  #readInString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (byte === LINE_FEED) throw this.#error("has a line end inside of a text; write it as \\n");
  }

  /** Whether this byte is the first of the rows: in a list that is the document, or of objects in an object's list. */
  #opensRows(byte: number): boolean {
    if (!this.#mayHoldRows) return false;
    this.#mayHoldRows = false;
    const opens = this.#rowDepth === 1 ? !CLOSING.has(byte) : byte === BRACE;
    if (opens && this.#foundRows)
      throw this.#error("starts a second list of rows; keep one, or split the file");
    // An empty list is one of rows if it is the document.
    this.#foundRows ||= opens || this.#rowDepth === 1;
    return opens;
  }

  #open(byte: number): void {
    this.#depth += 1;
    if (this.#rowDepth === 0) this.#rowDepth = byte === BRACKET ? 1 : 2;
    this.#mayHoldRows = byte === BRACKET && !this.#inRows && this.#depth === this.#rowDepth;
    if (this.#depth > DEEPEST) throw this.#error(`is nested deeper than ${DEEPEST} levels, which no row is`);
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#depth < 0) throw this.#error("closes more than it opens");
  }

  #startRow(): void {
    this.#row = [];
    this.#rowBytes = 0;
    this.#rowLine = this.#line;
  }

  #endRow(rest: Buffer): JsonRow {
    this.#keepRow(rest);
    const json = withoutLineEnds(Buffer.concat(this.#row!));
    this.#row = null;
    return { json, line: this.#rowLine };
  }

  #keepRow(bytes: Buffer): void {
    this.#rowBytes += bytes.length;
    if (this.#rowBytes > this.#largest) {
      throw new JsonDocumentError(
        this.#rowLine,
        `starts a row of more than ${this.#largest / 2 ** 20} MiB, more than a row can hold`,
      );
    }
    this.#row!.push(bytes);
  }

  #keepFrame(bytes: Buffer): void {
    this.#frameBytes += bytes.length;
    if (this.#frameBytes > this.#largest) {
      throw this.#error(`has more than ${this.#largest / 2 ** 20} MiB outside of its list of rows`);
    }
    this.#frame.push(bytes);
  }

  #error(message: string): JsonDocumentError {
    return new JsonDocumentError(this.#line, message);
  }
}

/** The start of a file, up to its line end, for a message. */
const quoted = (bytes: Buffer): string => JSON.stringify(bytes.toString("utf8").split(/[\r\n]/, 1)[0]);

/** The next byte of a text that ends it, escapes another, or may not be in it. */
function endOfPlainText(chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === QUOTE || byte === BACKSLASH || byte === LINE_FEED) break;
    at++;
  }
  return at;
}

/** Line ends stand between the parts of a row only, where a blank does as well. Changes its argument. */
function withoutLineEnds(json: Buffer): Buffer {
  for (let at = json.indexOf(LINE_FEED); at >= 0; at = json.indexOf(LINE_FEED, at)) json[at] = SPACE;
  return json;
}
