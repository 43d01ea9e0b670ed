/** @file Two rows of a data set as the model sees them, short enough for a line each. */
import { type EncodedRow, IGNORE_INDEX } from "./encoded-row.js";
import type { TokenRows } from "./token-store.js";
import type { Tokenizer } from "./tokenizer.js";

const EXAMPLES = 2;
/** Columns of a terminal for what stands before the trained part, and for that part. */
const BEFORE = 34;
const TRAINED = 34;

/** Sentences for the person: the first rows, shortened, with what is trained marked. */
export async function exampleRows(rows: TokenRows, tokenizer: Tokenizer): Promise<string[]> {
  const examples = await rows.read(Array.from({ length: Math.min(EXAMPLES, rows.length) }, (_, row) => row));
  const lines = await Promise.all(examples.map((row) => exampleLine(row, tokenizer)));
  return lines.length === 0
    ? []
    : ["The first rows, shortened, with what is trained between « and »:", ...lines];
}

async function exampleLine({ id, inputIds, labels }: EncodedRow, tokenizer: Tokenizer): Promise<string> {
  // The first token is never predicted, and so not trained.
  const start = labels.findIndex((label, at) => at > 0 && label !== IGNORE_INDEX);
  const behind = labels.findIndex((label, at) => at > start && label === IGNORE_INDEX);
  const end = behind < 0 ? labels.length : behind;
  const isTrainedLater = labels.some((label, at) => at > end && label !== IGNORE_INDEX);
  const decode = (from: number, to: number) => tokenizer.decode([...inputIds.subarray(from, to)]);
  const [before, trained] = await Promise.all([decode(0, start), decode(start, end)]);
  return `  ${id + 1}: ${shorten(before, BEFORE)}«${shorten(trained, TRAINED)}»${isTrainedLater ? " …" : ""}`;
}

/** The beginning and the end of a text in at most so many columns, on one line and without what a terminal obeys. */
function shorten(text: string, columns: number): string {
  const characters = [...printable(text)];
  if (widthOf(characters) <= columns) return characters.join("");
  const half = Math.floor((columns - 1) / 2);
  const head = characters.slice(0, fitting(characters, half));
  const tail = characters.slice(characters.length - fitting(characters.toReversed(), half));
  return `${head.join("")}…${tail.join("")}`;
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    JSON.stringify(character).slice(1, -1) === character
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
      : JSON.stringify(character).slice(1, -1),
  );
}

/** Characters of many scripts behind this one are two columns wide; to take all of them for it does no harm. */
const FIRST_WIDE = 0x1100;

const widthOf = (characters: readonly string[]): number =>
  characters.reduce((width, character) => width + (character.codePointAt(0)! >= FIRST_WIDE ? 2 : 1), 0);

/** How many characters fit. */
function fitting(characters: readonly string[], columns: number): number {
  let width = 0;
  const beyond = characters.findIndex((character) => {
    width += widthOf([character]);
    return width > columns;
  });
  return beyond < 0 ? characters.length : beyond;
}
