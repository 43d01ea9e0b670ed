import { pythonStr } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import type { TaskRequest } from "./build-requests.js";
import type { Task } from "./task.js";

/**
 * Which rows belong together, so that their scores are no two independent ones: those with one value in the column that the
 * task names (`metadata: {cluster: passage_id}`), else those that ask the same, examples aside.
 *
 * @returns the name of each row's cluster: what the column holds, or the number of the first row that asks the same; null
 *   where every row is a cluster by itself
 * @throws {DataError} `TASK_ROW` where a row lacks the column that the task names
 */
export function rowClusters(
  { config }: Pick<Task, "config">,
  requests: readonly Pick<TaskRequest, "documentId" | "document" | "question">[],
): readonly string[] | null {
  const column = config.metadata?.cluster;
  const firstRows = new Map<string, number>();
  const names = requests.map(({ documentId, document, question }) => {
    if (column === undefined) {
      const first = firstRows.get(question) ?? documentId;
      firstRows.set(question, first);
      return String(first);
    }
    const value = document[column];
    if ((typeof value === "string" && value !== "") || typeof value === "number") return pythonStr(value);
    throw new DataError(
      "TASK_ROW",
      `${config.task}: row ${documentId} has ${JSON.stringify(value) ?? "nothing"} in the column ${column}, which the task's metadata names as cluster; it takes a text or a number in every row`,
    );
  });
  return new Set(names).size === names.length ? null : names;
}
