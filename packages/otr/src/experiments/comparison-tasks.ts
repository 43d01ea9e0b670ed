/** @file The tasks of a comparison, by the words with which its configuration names them. */
import type { CompareConfig } from "../config/compare-options.js";
import { counted } from "../config/format-value.js";
import { DataError } from "../errors.js";
import { cellsOf, datasetOf } from "./comparison-cell.js";
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
        const other = owners.get(name);
        if (other !== undefined) {
          throw new DataError(
            "TASK_NAME_TAKEN",
            `${nameOrPath} and ${other} both hold the task ${name}, under which results are kept; leave one out, or rename it`,
          );
        }
        owners.set(name, nameOrPath);
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

  /**
   * Makes sure that a learning rate is not chosen on what judges it.
   *
   * @param folderOf the folder with the measurements of a base model, whose samples tell the items
   * @throws {DataError} `VALIDATION_ITEMS_SHARED`
   */
  requireOtherItems(config: CompareConfig, folderOf: (model: string) => string): void {
    for (const cell of cellsOf(config)) {
      const { validation, ...judging } = datasetOf(config, cell).tasks;
      const promptsOf = (named: readonly string[]) =>
        this.namesOf(named).flatMap((task) =>
          readTaskSamples(folderOf(cell.model), task).map(({ prompt }) => prompt),
        );
      const seen = new Set(promptsOf(validation));
      for (const nameOrPath of Object.values(judging).flat()) {
        const shared = promptsOf([nameOrPath]).filter((prompt) => seen.has(prompt)).length;
        if (shared === 0) continue;
        throw new DataError(
          "VALIDATION_ITEMS_SHARED",
          `${nameOrPath} has ${counted(shared, "item")} that the validation tasks of ${cell.dataset} have too, so learning rates would be chosen on what judges them; give validation tasks other items`,
        );
      }
    }
  }
}
