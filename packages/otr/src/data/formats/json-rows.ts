/** @file Finds the rows of a JSON document that comes in pieces: a list, or an object with a list of rows or one for each split. */
import { splitOf } from "../../config/data-files.js";
import { listWords } from "../../config/describe-options.js";
import type { WantedSplit } from "./data-format.js";

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

/** Bytes in which the name of a split is looked for. */
const LONGEST_NAME = 256;

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
  /** The last bytes of the frame, which hold the name of the list that opens behind them. */
  #frameEnd = Buffer.alloc(0);
  readonly #wanted: WantedSplit;
  /** The names of the lists that are splits. */
  readonly #splits: string[] = [];
  /** Whether the rows that are being read are of another split than the one wanted. */
  #skipsRows = false;

  /**
   * @param largest bytes of the largest row, and of the largest frame
   * @param wanted whose rows are handed out where the document holds splits
   */
  constructor(largest: number, wanted: WantedSplit) {
    this.#largest = largest;
    this.#wanted = wanted;
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
        if (this.#row !== null) {
          const row = this.#endRow(chunk.subarray(start, at));
          if (!this.#skipsRows) yield row;
        } else if (byte === COMMA || this.#needsRow) throw this.#error("has a comma without a row beside it");
        this.#needsRow = byte === COMMA;
        this.#inRows = byte === COMMA;
        // The bracket belongs to the frame.
        start = at;
      } else if (isBetween && this.#row === null) {
        this.#startRow();
        start = at;
      } else if (this.#mayHoldRows) {
        // The name of the list is what the frame ends with.
        this.#keepFrame(chunk.subarray(start, at));
        start = at;
        if (this.#opensRows(byte)) {
          this.#inRows = true;
          this.#startRow();
        }
      }
      this.#step(byte);
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
    if (this.#splits.length > 0 && !this.#foundRows) {
      throw this.#error(
        `has no split ${this.#wanted.name}; it has ${listWords(this.#splits, "and")}: name one (path=FILE,split=${this.#splits[0]})`,
      );
    }
    if (this.#wanted.isNamed && this.#splits.length === 0) {
      throw this.#error(
        `has no splits, so that ${this.#wanted.name} cannot be told from others; leave the split out, or write them as ` +
          '{"train": [...], "test": [...]}',
      );
    }
    if (this.#foundRows) return;
    throw this.#error(
      'has no list of rows; give [{"prompt": "...", "completion": "..."}, ...], or an object with one such list, or one for each split',
    );
  }

  #readInString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (byte === LINE_FEED) throw this.#error("has a line end inside of a text; write it as \\n");
  }

  /**
   * Whether this byte is the first of the rows: in a list that is the document, or of objects in an object's list. Called once
   * for each list that may hold rows, with the first byte in it.
   */
  #opensRows(byte: number): boolean {
    this.#mayHoldRows = false;
    const isEmpty = CLOSING.has(byte);
    if (this.#rowDepth === 1) {
      // An empty list is one of rows if it is the document.
      this.#foundRows = true;
      return !isEmpty;
    }
    if (!isEmpty && byte !== BRACE) return false;
    const name = this.#nameOfList();
    const split = splitOf(name);
    if (split === null && isEmpty) return false;
    const isBesideOthers =
      split === null
        ? this.#foundRows || this.#splits.length > 0
        : this.#foundRows && this.#splits.length === 0;
    if (isBesideOthers) {
      throw this.#error(
        `starts a second list of rows, ${JSON.stringify(name)}; keep one, split the file, or name the lists train, valid and test`,
      );
    }
    if (split !== null) this.#splits.push(name);
    this.#skipsRows = split !== null && split !== this.#wanted.name;
    if (!this.#skipsRows && this.#foundRows) throw this.#error(`holds the split ${split} twice; keep one`);
    this.#foundRows ||= !this.#skipsRows;
    return !isEmpty;
  }

  /** The field of the object whose list has just been opened. */
  #nameOfList(): string {
    const [, name = ""] = /"([^"\\]*)"\s*:\s*\[\s*$/.exec(this.#frameEnd.toString("utf8")) ?? [];
    return name;
  }

  /** What a byte outside of texts does to the depth. */
  #step(byte: number): void {
    if (byte === QUOTE) this.#inString = true;
    else if (OPENING.has(byte)) this.#open(byte);
    else if (CLOSING.has(byte)) this.#close();
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
    this.#frameEnd = Buffer.concat([this.#frameEnd, bytes.subarray(-LONGEST_NAME)]).subarray(-LONGEST_NAME);
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
