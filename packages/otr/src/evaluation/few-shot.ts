/** @file Which examples stand in a prompt. */
import { isDeepStrictEqual } from "node:util";
import { DataError } from "../errors.js";
import type { Document } from "./document.js";
import type { MersenneTwister } from "./mersenne-twister.js";
import type { Task } from "./task.js";

/**
 * The examples for a row: the first of them, or a random sample. The row itself is left out where examples come from the
 * split that is evaluated.
 *
 * @param random the random numbers of the task, from which the examples of one row after the other are drawn
 * @throws {DataError} `TASK_DATA` where there are too few
 */
export function drawExamples(task: Task, document: Document, random: MersenneTwister): readonly Document[] {
  const { config, fewShot, fewShotDocuments: pool, mayShowRow } = task;
  const count = config.num_fewshot;
  if (count === 0) return [];
  const others = (documents: readonly Document[]) =>
    mayShowRow ? documents.filter((other) => !isDeepStrictEqual(other, document)) : documents;
  const drawn = count + (mayShowRow ? 1 : 0);
  const available = fewShot.sampler === "first_n" ? others(pool) : pool;
  if (available.length < (fewShot.sampler === "first_n" ? count : drawn) || others(pool).length < count) {
    throw new DataError(
      "TASK_DATA",
      `${config.task} shows ${count} examples in each prompt, and there are ${others(pool).length} ${mayShowRow ? "other rows " : ""}to choose from; lower num_fewshot`,
    );
  }
  if (fewShot.sampler === "first_n") return available.slice(0, count);
  const chosen = others(random.sample(pool, drawn)).slice(0, count);
  // The row may stand in the pool more than once.
  return chosen.length === count ? chosen : random.sample(others(pool), count);
}
