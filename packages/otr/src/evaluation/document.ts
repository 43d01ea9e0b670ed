/** @file A row of a task's data set. */

/** The columns of a row, in their order. */
export type Document = Readonly<Record<string, unknown>>;

/** What a row needs and does not have, as the end of a sentence: "needs a text in the column answer". */
export class RowError extends Error {}

/**
 * A column that holds a text.
 * @throws {RowError} with what the row has instead
 */
export function textOf(document: Document, column: string): string {
  const value = document[column];
  if (typeof value === "string") return value;
  throw new RowError(`needs a text in the column ${column}${columnsOf(document)}`);
}

/**
 * A column that holds a list of texts.
 * @throws {RowError} with what the row has instead
 */
export function textsOf(document: Document, column: string): readonly string[] {
  const value = document[column];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new RowError(`needs a list of texts in the column ${column}${columnsOf(document)}`);
}

/** The end of a sentence about a column that a row does not have. */
export const columnsOf = (document: Document): string =>
  `; the row has ${Object.keys(document).slice(0, 12).join(", ")}`;
