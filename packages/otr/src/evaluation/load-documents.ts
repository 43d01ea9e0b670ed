/** @file The rows of a task's data set: of a local file, or of the Hugging Face Hub. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { closest } from "../config/closest.js";
import { findDataFiles, isFolder, type Split, splitOf } from "../config/data-files.js";
import { readBounded } from "../config/read-bounded.js";
import { dataFormatOf } from "../data/formats/registry.js";
import { fetchHubDataset, type OpenHubDataset } from "../data/hub-dataset.js";
import { parseLines, rowsError } from "../data/read-rows.js";
import { DataError, type Problem, RunError } from "../errors.js";
import type { Document } from "./document.js";
import type { FoundTask } from "./task-files.js";

/** Where the data of tasks is taken from. */
export interface TaskDataOptions {
  /**
   * Files and folders that stand in for a data set, by `NAME` or `NAME:SPLIT`: the name of a task, of a group, or the id
   * of the data set. A file without a split is the one that is evaluated; a folder holds all of them.
   */
  readonly taskData: ReadonlyMap<string, string>;
  /** Finds data sets of the Hub; null: they are not looked for. */
  readonly openHubDataset: OpenHubDataset | null;
}

/** Of a file that is one row. */
const LARGEST_TEXT = 2 ** 28;

/** Builders of the `datasets` library that read files, which `dataset_path` may name instead of a data set. */
const FILE_BUILDERS = ["json", "csv", "parquet", "text"];

/**
 * Makes sure that every file that stands in for a data set is looked at.
 * @throws {DataError} `TASK_DATA` with the names that belong to no data set of these tasks
 */
export function checkTaskData(tasks: readonly FoundTask[], taskData: TaskDataOptions["taskData"]): void {
  const known = tasks.flatMap(({ config, groups }) => {
    const { training_split, validation_split, test_split, fewshot_split, fewshot_config } = config;
    const splits = [training_split, validation_split, test_split, fewshot_split, fewshot_config?.split];
    const names = [config.task, ...groups, config.dataset_path];
    return names.flatMap((name) => [name, ...splits.flatMap((split) => (split ? `${name}:${split}` : []))]);
  });
  const problems = [...taskData.keys()].flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = closest(name, known);
    const hint = meant === null ? `known are ${[...new Set(known)].join(", ")}` : `did you mean ${meant}?`;
    return `task_data ${name}: is no data of the tasks that are evaluated; ${hint}`;
  });
  if (problems.length > 0) throw new DataError("TASK_DATA", problems.join("\n"));
}

/**
 * The rows of a split.
 *
 * @param isEvaluated whether it is the split that is evaluated, for which a file without a split's name is meant
 * @throws {DataError} `TASK_DATA` where the data is not there; what the reader of the file says of it
 */
export async function loadDocuments(
  task: FoundTask,
  split: string,
  isEvaluated: boolean,
  options: TaskDataOptions,
): Promise<Document[]> {
  const files = await filesOf(task, split, isEvaluated, options);
  const documents: Document[] = [];
  const isWhole = task.config.dataset_kwargs?.sample_by === "document";
  for (const file of files) {
    if (isWhole) documents.push({ text: wholeText(file) });
    else await readRows(file, split, documents);
  }
  if (documents.length > 0) return documents;
  throw new DataError(
    "TASK_DATA",
    `${task.config.task}: the split ${split} (${files.join(", ")}) has no rows`,
  );
}

/** @throws {DataError} `TASK_DATA` for a file that is no UTF-8: its text would be another one */
function wholeText(file: string): string {
  const text = readBounded(file, LARGEST_TEXT);
  // What cannot be decoded is replaced by this character, which a text may hold by itself too.
  if (!text.includes("\ufffd") || isUtf8(readFileSync(file))) return text;
  throw new DataError("TASK_DATA", `${file} is not UTF-8 text; save it as UTF-8`);
}

async function filesOf(
  { config, file, groups }: FoundTask,
  split: string,
  isEvaluated: boolean,
  { taskData, openHubDataset }: TaskDataOptions,
): Promise<readonly string[]> {
  const { task, dataset_path: id, dataset_name: name, dataset_kwargs: settings } = config;
  const names = [task, ...groups, id];
  const named = names.map((key) => taskData.get(`${key}:${split}`)).find((path) => path !== undefined);
  if (named !== undefined) return found(task, named, split);
  const whole = names.map((key) => taskData.get(key)).find((path) => path !== undefined);
  if (whole !== undefined && (isEvaluated || isFolder(whole))) return found(task, whole, split);
  if (FILE_BUILDERS.includes(id)) {
    const listed = settings?.data_files;
    const path = typeof listed === "string" ? listed : listed?.[split];
    if (path !== undefined) return found(task, resolve(dirname(file), path), split);
    throw new DataError(
      "TASK_DATA",
      `${task} has no file of the split ${split}: give one as task_data ${task}=FILE, or name it in ${file} as ` +
        `dataset_kwargs.data_files`,
    );
  }
  if (openHubDataset !== null) {
    const selection = { id, revision: "main", name, split: hubSplit(task, split) };
    try {
      return (await fetchHubDataset(selection, openHubDataset)).files;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      const advice = `or give a file of the rows as task_data ${task}:${split}=FILE`;
      throw new RunError(error.code, `${error.message}; ${advice}`, { cause: error });
    }
  }
  throw new DataError(
    "TASK_DATA",
    `${task} needs the split ${split} of ${id}; give a file as task_data ${task}:${split}=FILE`,
  );
}

function found(task: string, path: string, split: string): readonly string[] {
  const files = findDataFiles(path, splitOf(split) ?? "test");
  if ("files" in files) return files.files;
  throw new DataError("TASK_DATA", `${task}: ${files.problem}`);
}

function hubSplit(task: string, word: string): Split {
  const split = splitOf(word);
  if (split !== null) return split;
  throw new DataError(
    "TASK_DATA",
    `${task}: the split ${word} of a data set of the Hub is none of train, validation and test; download its file, and ` +
      `give it as task_data ${task}:${word}=FILE`,
  );
}

/** @throws {DataError} `DATASET_ROWS` with the rows that are wrong */
async function readRows(file: string, split: string, documents: Document[]): Promise<void> {
  const problems: Problem[] = [];
  const wanted = { name: splitOf(split) ?? "test", isNamed: false } as const;
  for await (const block of dataFormatOf(file).read(file, () => {}, wanted)) {
    for (const { line, message } of block.problems) problems.push({ where: block.placeOf(line), message });
    for (const parsed of parseLines(block.lines)) {
      if ("value" in parsed) documents.push(parsed.value);
      else problems.push({ where: block.placeOf(parsed.line), message: parsed.problem });
    }
  }
  if (problems.length > 0) throw rowsError(problems.slice(0, 10));
}
