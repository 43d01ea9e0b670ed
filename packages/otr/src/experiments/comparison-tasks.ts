/** @file The tasks of a comparison, by the words with which its configuration names them. */
import { basename } from "node:path";
import type { CompareConfig } from "../config/compare-options.js";
import { counted } from "../config/format-value.js";
import { DataError } from "../errors.js";
import { taskFileName } from "../evaluation/task-file-name.js";
import { cellsOf, datasetOf } from "./comparison-cell.js";
import type { FinishedBase, JudgedTask } from "./finished-comparison.js";
import { describeTasks } from "./measure-tasks.js";
import type { TaskOrder } from "./run-order.js";
import { readTaskSamples } from "./task-samples.js";

/** Tasks, with their rows read and checked. A name may be that of a group, and then stands for several. */
export class ComparisonTasks {
  readonly #orders: ReadonlyMap<string, readonly TaskOrder[]>;

  private constructor(orders: ReadonlyMap<string, readonly TaskOrder[]>) {
    this.#orders = orders;
  }

  /**
   * Reads all tasks that a configuration names.
   *
   * @throws {DataError} `TASK_NAME_TAKEN` where two of them would keep their results under one name; what `describeTasks` throws
   */
  static async read(config: CompareConfig): Promise<ComparisonTasks> {
    const cells = cellsOf(config);
    const named = new Set(cells.flatMap((cell) => Object.values(datasetOf(config, cell).tasks).flat()));
    const owners = new Map<string, string>();
    const orders = new Map<string, readonly TaskOrder[]>();
    for (const nameOrPath of named) {
      const tasks = await describeTasks(nameOrPath, config.evaluation);
      for (const { name } of tasks) {
        const fileName = taskFileName(name);
        const other = owners.get(fileName);
        if (other !== undefined) {
          throw new DataError(
            "TASK_NAME_TAKEN",
            `${nameOrPath} and ${other} both hold the task ${name}, under which results are kept; leave one out, or rename it`,
          );
        }
        owners.set(fileName, nameOrPath);
      }
      orders.set(nameOrPath, tasks);
    }
    return new ComparisonTasks(orders);
  }

  /** What is to be measured for a list of the configuration. */
  ordersOf(named: readonly string[]): TaskOrder[] {
    return named.flatMap((nameOrPath) => this.#orders.get(nameOrPath)!);
  }

  /** The names of the tasks of a list of the configuration. */
  namesOf(named: readonly string[]): string[] {
    return this.ordersOf(named).map(({ name }) => name);
  }

  /** What a list of the configuration judges: its tasks, and its groups, each of which is one question. */
  judgedBy(named: readonly string[]): JudgedTask[] {
    return named.map((nameOrPath) => {
      const tasks = this.namesOf([nameOrPath]);
      const name = tasks.length === 1 ? tasks[0]! : basename(nameOrPath).replace(/\.ya?ml$/, "");
      return { name, tasks };
    });
  }

  /**
   * Makes sure that a learning rate is not chosen on what judges it.
   *
   * @param bases measured base models, whose samples tell the items
   * @throws {DataError} `VALIDATION_ITEMS_SHARED`
   */
  requireOtherItems(config: CompareConfig, bases: readonly FinishedBase[]): void {
    for (const cell of cellsOf(config)) {
      const base = bases.find(({ model }) => model === cell.model);
      if (base === undefined) continue;
      const { validation, ...judging } = datasetOf(config, cell).tasks;
      const itemsOf = (named: readonly string[]) =>
        this.namesOf(named).flatMap((task) =>
          readTaskSamples(base.folder, task).map((sample) => sample.itemIds),
        );
      const seen = new Set(itemsOf(validation).flat());
      for (const nameOrPath of Object.values(judging).flat()) {
        const shared = itemsOf([nameOrPath]).filter((ids) => ids.some((id) => seen.has(id))).length;
        if (shared === 0) continue;
        throw new DataError(
          "VALIDATION_ITEMS_SHARED",
          `${nameOrPath} has ${counted(shared, "item")} that the validation tasks of ${cell.dataset} have too, so learning rates would be chosen on what judges them; give validation tasks other items`,
        );
      }
    }
  }
}
