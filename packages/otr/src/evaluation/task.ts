/** @file A task that is ready: its rows, the rows that examples are drawn from, and what its fields say of a row. */
import { parsePythonLiteral, type PythonValue } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import { type Document, RowError } from "./document.js";
import { loadDocuments, type TaskDataOptions } from "./load-documents.js";
import { FunctionName, type FewShotConfig, type TaskConfig } from "./task-config.js";
import type { FoundTask } from "./task-files.js";
import { documentFunction, rowsFunction } from "./task-functions.js";
import { renderTaskTemplate } from "./task-template.js";

/** A task with its rows. */
export interface Task {
  readonly config: TaskConfig;
  readonly groups: readonly string[];
  readonly documents: readonly Document[];
  /** What examples are drawn from; empty without examples. */
  readonly fewShotDocuments: readonly Document[];
  /** Whether the row that is asked about may be among them: one more is drawn then, and a row is no example of itself. */
  readonly mayShowRow: boolean;
  /** Settings of examples; what is not set there is that of the task. */
  readonly fewShot: FewShotConfig;
}

/**
 * Loads the rows of a task.
 *
 * @throws {DataError} `TASK_INVALID`, `TASK_FUNCTION`, and as {@link loadDocuments} does
 */
export async function openTask(found: FoundTask, options: TaskDataOptions): Promise<Task> {
  const { config, file, groups } = found;
  const evaluated = config.test_split ?? config.validation_split;
  if (evaluated === null) {
    throw new DataError("TASK_INVALID", `${file}: needs a test_split or a validation_split to evaluate`);
  }
  const load = async (split: string, process: FunctionName | null | undefined): Promise<Document[]> => {
    const documents = await loadDocuments(found, split, split === evaluated, options);
    return process == null ? documents : inRows(config, () => rowsFunction(process)(documents));
  };
  const fewShot = config.fewshot_config ?? { sampler: "default" };
  const split = fewShot.split ?? config.fewshot_split;
  const documents = await load(evaluated, config.process_docs);
  const source =
    split ?? (fewShot.samples ? null : (config.training_split ?? config.validation_split ?? evaluated));
  const examples = async (): Promise<readonly Document[]> => {
    if (config.num_fewshot === 0) return [];
    if (source === null) return fewShot.samples ?? [];
    const process = split === null ? config.process_docs : (fewShot.process_docs ?? config.process_docs);
    return source === evaluated && process === config.process_docs ? documents : load(source, process);
  };
  const pool = await examples();
  const chosen = fewShot.fewshot_indices?.map((at) => pool[at] ?? missingExample(file, at)) ?? pool;
  return {
    config,
    groups,
    documents,
    fewShotDocuments: chosen,
    // The harness compares the names alone: it draws one more where neither split is named, too.
    mayShowRow: source === evaluated || split === config.test_split,
    fewShot: { ...fewShot, split },
  };
}

function missingExample(file: string, at: number): never {
  throw new DataError("TASK_INVALID", `${file}: fewshot_indices names row ${at}, which there is not`);
}

/** What a field that holds a text, a template or a function says of a row: as `doc_to_text` is read by the harness. */
export function textField(
  task: Task,
  document: Document,
  field: string | number | FunctionName,
): PythonValue | number {
  const value = fieldValue(task, document, field);
  if (typeof value !== "string" || field instanceof FunctionName || isColumn(task, field)) return value;
  return task.config.doc_to_choice !== null && /^\d+$/.test(value) ? Number(value) : value;
}

/** What `doc_to_target` says of a row: a text in brackets that is a Python literal is read as one. */
export function targetField(
  task: Task,
  document: Document,
  field: string | number | FunctionName,
): PythonValue | number {
  const value = textField(task, document, field);
  if (typeof value !== "string" || field instanceof FunctionName || isColumn(task, field)) return value;
  if (!/^\[.*\]$/s.test(value)) return value;
  return parsePythonLiteral(value) ?? value;
}

/**
 * The choices of a row.
 * @throws {DataError} `TASK_ROW` where they are no list of texts
 */
export function choicesField(
  task: Task,
  document: Document,
  field: string | readonly string[] | FunctionName,
): readonly string[] {
  if (typeof field !== "string" && !(field instanceof FunctionName)) return field;
  const value = fieldValue(task, document, field);
  const isRendered = typeof value === "string" && typeof field === "string" && !isColumn(task, field);
  const choices = isRendered ? parsePythonLiteral(value) : value;
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === "string")) return choices;
  throw new DataError(
    "TASK_ROW",
    `${task.config.task}: doc_to_choice gives no list of texts, but ${JSON.stringify(value)?.slice(0, 100)}`,
  );
}

/** A text that names a column, or that is a template. */
export function templateField(task: Task, document: Document, field: string): string {
  const value = fieldValue(task, document, field);
  if (typeof value === "string") return value;
  throw new DataError("TASK_ROW", `${task.config.task}: the column ${field} holds no text`);
}

/** Runs a function of a task's on rows. */
export function inRows<Result>({ task }: TaskConfig, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    throw new DataError("TASK_ROW", `${task}: a row ${error.message}`, { cause: error });
  }
}

function fieldValue(
  task: Task,
  document: Document,
  field: string | number | FunctionName,
): PythonValue | number {
  if (typeof field === "number") return field;
  if (field instanceof FunctionName) return inRows(task.config, () => documentFunction(field)(document));
  return isColumn(task, field) ? columnValue(document[field]) : renderTaskTemplate(field, document);
}

const isColumn = (task: Task, field: string | number): boolean =>
  typeof field === "string" && Object.hasOwn(task.documents[0]!, field);

function columnValue(value: unknown): PythonValue | number {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => columnItem(item));
  throw new DataError("TASK_ROW", "a column that a prompt is made of holds an object, where a text belongs");
}

function columnItem(value: unknown): PythonValue {
  const item = columnValue(value);
  return typeof item === "number" ? { number: String(item) } : item;
}
