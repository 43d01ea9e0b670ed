/** @file Tasks by their names: the files that come with this program, and those of folders that a person names. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { closest } from "../config/closest.js";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";
import { FunctionName, type GroupConfig, parseTaskConfig, type TaskConfig } from "./task-config.js";

/** A file of a task has some kilobytes. */
const LARGEST_FILE = 2 ** 22;
const MOST_INCLUDES = 20;
const MOST_NESTED_GROUPS = 10;

const OWN_TASKS = fileURLToPath(new URL("../../tasks", import.meta.url));

/** Tasks that were asked for, each once, and the groups that they were asked for by. */
export interface FoundTasks {
  readonly tasks: readonly FoundTask[];
  /** A group stands behind the groups in it. */
  readonly groups: readonly GroupConfig[];
}

/** A task, and the groups that it is in. */
export interface FoundTask {
  readonly config: TaskConfig;
  readonly file: string;
  readonly groups: readonly string[];
}

/**
 * Reads the tasks and groups of these names, or paths of YAML files.
 *
 * @param includePath a folder with further tasks, which stand before those of this program; null: none
 * @throws {DataError} `TASK_UNKNOWN` for a name that no file has, `TASK_INVALID` for a file that cannot be used
 */
export function findTasks(names: readonly string[], includePath: string | null = null): FoundTasks {
  const files = taskFiles(includePath);
  const tasks = new Map<string, FoundTask>();
  const groups = new Map<string, GroupConfig>();
  const add = (name: string, parents: readonly string[]): void => {
    const file = fileOf(name, files);
    const config = readTask(file);
    if (!("group" in config)) {
      const earlier = tasks.get(config.task)?.groups ?? [];
      tasks.set(config.task, { config, file, groups: [...new Set([...earlier, ...parents])] });
      return;
    }
    if (parents.length > MOST_NESTED_GROUPS || parents.includes(config.group)) {
      throw new DataError(
        "TASK_INVALID",
        `${file}: the group ${config.group} holds itself, or is in too many others`,
      );
    }
    for (const child of config.task) add(child, [...parents, config.group]);
    groups.set(config.group, config);
  };
  const unknown = names.flatMap((name) => unknownTask(name, files) ?? []);
  if (unknown.length > 0) throw new DataError("TASK_UNKNOWN", unknown.join("\n"));
  for (const name of names) add(name, []);
  return { tasks: [...tasks.values()], groups: [...groups.values()] };
}

/** The names of all tasks and groups that come with this program. */
export function ownTaskNames(): string[] {
  return [...taskFiles(null).keys()].sort();
}

/** The files of tasks, by the name of the file, which is that of the task. A template's begins with `_`. */
function taskFiles(includePath: string | null): Map<string, string> {
  const own = filesOf(OWN_TASKS);
  if (includePath === null) return own;
  if (!existsSync(includePath)) {
    throw new DataError(
      "TASK_UNKNOWN",
      `${includePath} does not exist; give the folder of your tasks as include_path`,
    );
  }
  const others = new Map<string, string>();
  for (const file of filesOf(includePath).values()) {
    const content = readYaml(file);
    const name = content.group ?? content.task;
    if (typeof name === "string") others.set(name, file);
  }
  return new Map([...own, ...others]);
}

function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const tasks = paths.filter((path) => path.endsWith(".yaml") && !basename(path).startsWith("_"));
  return new Map(tasks.map((path) => [basename(path, ".yaml"), join(folder, path)]));
}

/** What is wrong with a name that is no task, group or file; null for one that is. */
function unknownTask(name: string, files: ReadonlyMap<string, string>): string | null {
  if (files.has(name)) return null;
  if (/\.ya?ml$/.test(name)) return existsSync(name) ? null : `the task file ${name} does not exist`;
  const meant = closest(name, files.keys());
  const hint = meant === null ? `the tasks are ${namesToChoose(files).join(", ")}` : `did you mean ${meant}?`;
  return `there is no task ${name}; ${hint}`;
}

/** Tasks and groups, without the tasks that are in a group. */
function namesToChoose(files: ReadonlyMap<string, string>): string[] {
  const groups = [...files.values()].map((file) => readYaml(file)).filter(({ group }) => group !== undefined);
  const members = new Set<unknown>(groups.flatMap(({ task }) => task));
  return [...files.keys()].filter((name) => !members.has(name)).sort();
}

function fileOf(name: string, files: ReadonlyMap<string, string>): string {
  const problem = unknownTask(name, files);
  if (problem !== null) throw new DataError("TASK_UNKNOWN", problem);
  return files.get(name) ?? name;
}

/** @throws {DataError} `TASK_INVALID` */
function readTask(file: string): TaskConfig | GroupConfig {
  return parseTaskConfig(file, withIncludes(file, []));
}

/** The fields of a file over those of the file that it includes. */
function withIncludes(file: string, before: readonly string[]): Record<string, unknown> {
  const { include, ...own } = readYaml(file);
  if (include === undefined) return own;
  const included = typeof include === "string" ? resolve(dirname(file), include) : null;
  if (included === null || before.includes(included) || before.length > MOST_INCLUDES) {
    throw new DataError(
      "TASK_INVALID",
      `${file}: include must be one YAML file that does not include this one`,
    );
  }
  return { ...withIncludes(included, [...before, resolve(file)]), ...own };
}

function readYaml(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    const document = parseDocument(readBounded(file, LARGEST_FILE), {
      customTags: [{ tag: "!function", resolve: (name: string) => new FunctionName(name) }],
      logLevel: "error",
    });
    // A tag that is not known is a warning only, and would be read as text.
    for (const problem of [...document.errors, ...document.warnings]) throw problem;
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("TASK_INVALID", `${file} cannot be read as YAML: ${reason}`, { cause: error });
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return { ...content };
  throw new DataError("TASK_INVALID", `${file} holds no task: a task is an object of fields`);
}
