/** @file The forms of training rows, and how a row's form is recognised. To add one: a file here, a row here. */
import { closest } from "../../config/closest.js";
import type { ColumnMapping } from "../../config/dataset-sources.js";
import { ROW_COLUMNS } from "../../config/row-columns.js";
import type { TrainingRow } from "../training-row.js";
import { alpaca } from "./alpaca.js";
import { isPresent } from "./column-values.js";
import { messages } from "./messages.js";
import { openR1Math } from "./openr1-math.js";
import { promptCompletion, promptCompletionMessages } from "./prompt-completion.js";
import { problemSolution, queryResponse, questionAnswer } from "./question-answer.js";
import type { RowContext, RowForm, SourceRow } from "./row-form.js";
import { shareGpt } from "./sharegpt.js";
import { text } from "./text.js";

/**
 * In the order in which they are tried: published data sets often have columns of several forms, of which the one with
 * more columns says more (OpenR1-Math has `messages` too, Alpaca `text`).
 */
const ROW_FORMS = {
  prompt_completion_messages: promptCompletionMessages,
  prompt_completion: promptCompletion,
  openr1_math: openR1Math,
  messages,
  sharegpt: shareGpt,
  alpaca,
  question_answer: questionAnswer,
  problem_solution: problemSolution,
  query_response: queryResponse,
  text,
} satisfies Readonly<Record<string, RowForm>>;

/** The name of a form. */
export type RowFormName = keyof typeof ROW_FORMS;

/** A row whose form is known, and what it becomes. */
export interface RecognisedRow {
  readonly form: RowFormName;
  readonly rows: readonly TrainingRow[];
}

const KNOWN_FORMS =
  'rows are {"prompt": "...", "completion": "..."} (text, or lists of messages), ' +
  '{"messages": [{"role": "user", "content": "..."}, ...]}, {"text": "..."}, or one of the other forms in docs/data.md; ' +
  "dataset_columns gives other columns these names (prompt=COLUMN,completion=COLUMN)";

/** Columns that belong to a row whatever a mapping names. */
const CONTEXT_COLUMNS = ["tools", "chat_template_kwargs"];

/**
 * Recognises and checks one row.
 * @param columns which columns stand for those of the forms; null: the row's own names are theirs
 * @returns the row, or, as a string, what is wrong with it and what to change
 */
export function parseTrainingRow(
  source: SourceRow,
  columns: ColumnMapping | null,
  context: RowContext,
): RecognisedRow | string {
  const named = columns === null ? source : renamed(source, columns);
  if (typeof named === "string") return named;
  const has = (column: string): boolean => isPresent(named[column]);
  for (const [name, form] of entriesOf(ROW_FORMS)) {
    if (!form.recognises(has, named)) continue;
    const rows = form.parse(named, context);
    return typeof rows === "string" ? rows : { form: name, rows };
  }
  const found = Object.keys(source);
  const what = found.length === 0 ? "no columns" : `the columns ${found.join(", ")}`;
  return `has ${what}; ${misspelling(source, ROW_COLUMNS) ?? KNOWN_FORMS}`;
}

/** How a form is called towards the person. */
export function titleOf(form: RowFormName): string {
  return ROW_FORMS[form].title;
}

/** The columns of the file that a form reads. */
export function readColumns(form: RowFormName, columns: ColumnMapping | null): readonly string[] {
  const own = ROW_FORMS[form].columns;
  if (columns === null) return own;
  return [...Object.values(columns).filter((column) => column !== undefined), ...CONTEXT_COLUMNS];
}

/** The row with the columns of the forms. */
function renamed(source: SourceRow, columns: ColumnMapping): SourceRow | string {
  const row: Record<string, unknown> = {};
  for (const column of CONTEXT_COLUMNS) if (source[column] !== undefined) row[column] = source[column];
  for (const [name, column] of Object.entries(columns)) {
    if (column === undefined) continue;
    if (!Object.hasOwn(source, column)) return withoutColumn(source, column, name);
    row[name] = source[column];
  }
  return row;
}

function withoutColumn(source: SourceRow, column: string, name: string): string {
  const found = Object.keys(source);
  const meant = closest(column, found);
  const hint = meant === null ? `it has ${found.join(", ") || "none"}` : `did you mean "${meant}"?`;
  return `has no column "${column}", which dataset_columns names as the ${name}; ${hint}`;
}

/** Names the column that stands for one of `wanted` but for a slip, or nothing. */
function misspelling(source: SourceRow, wanted: readonly string[]): string | null {
  for (const column of Object.keys(source)) {
    const meant = closest(column, wanted);
    if (meant !== null && meant !== column) return `did you mean "${meant}" by "${column}"?`;
  }
  return null;
}

function entriesOf<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
