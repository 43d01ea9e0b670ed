/** @file Measures a model by tasks, as `otr evaluate` does. */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { EvaluationSettings } from "../config/compare-options.js";
import { evaluate } from "../evaluation/evaluate.js";
import { changedGeneration } from "../evaluation/generation-settings.js";
import { writeResults } from "../evaluation/results-files.js";
import { openTask } from "../evaluation/task.js";
import { findTasks } from "../evaluation/task-files.js";
import { openHubDataset } from "../hub/open-hub-dataset.js";
import type { MeasuredModel } from "./measured-model.js";
import type { TaskOrder } from "./run-order.js";
import { EVALUATIONS } from "./task-samples.js";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

const taskDataOf = ({ taskData }: EvaluationSettings): Map<string, string> =>
  new Map(
    taskData.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

const openDataset = (id: string, revision: string) => openHubDataset(id, revision);

/** Raised where the same task is asked or graded otherwise than before: a report mixes no two gradings. */
const GRADING_VERSION = 1;

/**
 * The tasks of a name: that of a task or of a group, or the path of a YAML file. Their rows are read.
 *
 * @returns each with a hash of all that decides on its results but for the model
 * @throws {DataError} `TASK_*`
 */
export async function describeTasks(
  nameOrPath: string,
  settings: EvaluationSettings,
  gradingVersion = GRADING_VERSION,
): Promise<TaskOrder[]> {
  const { tasks } = findTasks([nameOrPath], settings.includePath);
  const orders: TaskOrder[] = [];
  for (const found of tasks) {
    const task = await openTask(found, { taskData: taskDataOf(settings), openHubDataset: openDataset });
    const { batchSize: _, ...decisive } = settings;
    // The first one is what comparisons have that were made before gradings were counted.
    const grading = gradingVersion === 1 ? [] : [gradingVersion];
    const content = [task.config, task.documents, task.fewShotDocuments, decisive, ...grading];
    const fingerprint = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    orders.push({ name: task.config.task, path: found.file, fingerprint });
  }
  return orders;
}

/** Lets a model do a task, and writes what it did to `eval/` of a folder. What a killed process has answered there is kept. */
export async function measureTask(
  { model, tokenizer }: MeasuredModel,
  { path }: TaskOrder,
  folder: string,
  settings: EvaluationSettings,
  onProgress: (share: number) => void,
): Promise<void> {
  const { applyChatTemplate, systemInstruction, batchSize, confirmRunUnsafeCode, includePath } = settings;
  const { numFewshot, limit, genKwargs } = settings;
  const date = new Date();
  const workFolder = join(folder, EVALUATIONS);
  const evaluation = await evaluate({
    tasks: [path],
    model,
    tokenizer,
    taskData: taskDataOf(settings),
    openHubDataset: openDataset,
    workFolder,
    // The folder's name follows from all that made the model.
    modelIdentity: basename(folder),
    onProgress: ({ answered, rows }) => onProgress(answered / rows),
    generation: changedGeneration(genKwargs),
    ...{ includePath, applyChatTemplate, systemInstruction, batchSize, confirmRunUnsafeCode },
    ...{ numFewshot, limit },
  });
  const context = {
    model: folder,
    config: {
      ...{ batch_size: batchSize, task_data: settings.taskData, include_path: includePath },
      ...{ num_fewshot: numFewshot, limit, gen_kwargs: changedGeneration(genKwargs), dtype: settings.dtype },
    },
    systemInstruction,
    fewshotAsMultiturn: applyChatTemplate,
    chatTemplate: applyChatTemplate ? tokenizer.chatTemplate : null,
    date,
    version,
  };
  await writeResults(workFolder, evaluation, context, true);
}
