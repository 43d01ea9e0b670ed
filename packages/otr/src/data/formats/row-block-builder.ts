/** @file Puts rows of another format together into blocks of JSON lines. */
import { BLOCK_BYTES, type RowBlock } from "./data-format.js";

/** Collects rows until they make a block. */
export class RowBlockBuilder {
  readonly #describe: (place: number) => string;
  #lines: string[] = [];
  #places: number[] = [];
  #problems: { line: number; message: string }[] = [];
  #characters = 0;

  /** @param describe the place of a row in the file, from the number that {@link add} was given */
  constructor(describe: (place: number) => string) {
    this.#describe = describe;
  }

  /** Whether the rows make a block. */
  get isFull(): boolean {
    return this.#characters >= BLOCK_BYTES || this.#places.length >= MOST_ROWS;
  }

  /** Adds a row: its JSON, without line ends. */
  add(json: string, place: number): void {
    this.#lines.push(json);
    this.#places.push(place);
    this.#characters += json.length;
  }

  /** Adds what is wrong with a row that cannot be read. */
  addProblem(message: string, place: number): void {
    this.add("", place);
    this.#problems.push({ line: this.#places.length, message });
  }

  /** Hands out the rows as a block, or null where there are none, and starts anew. */
  take(): RowBlock | null {
    if (this.#places.length === 0) return null;
    const places = this.#places;
    const block = {
      lines: new TextEncoder().encode(`${this.#lines.join("\n")}\n`),
      problems: this.#problems,
      placeOf: (line: number) => this.#describe(places[line - 1]!),
    };
    this.#lines = [];
    this.#places = [];
    this.#problems = [];
    this.#characters = 0;
    return block;
  }
}

/** Rows without content make a block too. */
const MOST_ROWS = 10_000;
