/** @file Measures a model by tasks. */
import type { MeasuredModel } from "./measured-model.js";
import type { TaskOrder } from "./run-order.js";
import { evaluateSimpleTask, readSimpleTask, taskFingerprint } from "./simple-tasks.js";

/**
 * The name of the task in a file, and a hash of all that decides on its results.
 *
 * @throws {DataError} `TASK_INVALID`
 */
export const describeTask = (path: string): TaskOrder => ({
  path,
  name: readSimpleTask(path).task,
  fingerprint: taskFingerprint(path),
});

/** Lets a model do a task, and writes what it did to `eval/` of a folder. */
export const measureTask = (measured: MeasuredModel, { path }: TaskOrder, folder: string): Promise<void> =>
  evaluateSimpleTask(measured, path, folder);
