/** @file What a form of training rows is. */
import type { TrainingRow } from "../training-row.js";

/** A row as the file has it, its columns by name. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** What decides what rows become, beside the rows. */
export interface RowContext {
  /** Whether there is a chat template: questions and instructions are conversations then, and text otherwise. */
  readonly hasChatTemplate: boolean;
}

/** A form of rows. */
export interface RowForm {
  /** How it is called towards the person. */
  readonly title: string;
  /** The columns that it reads; the others are ignored, and the person is told so. */
  readonly columns: readonly string[];
  /** Whether a row is meant to be of this form. */
  recognises(has: (column: string) => boolean, source: SourceRow): boolean;
  /** The rows to train on, of which there may be none; or, as a string, what is wrong and what to change. */
  parse(source: SourceRow, context: RowContext): readonly TrainingRow[] | string;
}
