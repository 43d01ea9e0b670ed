/** @file Answers that were stored, in place of a model's. */
import { z } from "zod";
import { dataFormatOf } from "../data/formats/registry.js";
import { MAX_PROBLEMS, parseLines, rowsError } from "../data/read-rows.js";
import { DataError, type Problem } from "../errors.js";

const line = z.object({
  task: z.string().optional(),
  doc_id: z
    .int({ error: "must be the number of a row, from 0" })
    .min(0, "must be the number of a row, from 0"),
  output: z.union([z.string(), z.int().min(0), z.array(z.number()).min(1)], {
    error: "must be a text; of multiple choice, it may be a number from 0 or a list of numbers",
  }),
  finish_reason: z.enum(["stop", "length"]).optional(),
});

/** What a line says that a model said of a row. */
export interface StoredOutput {
  /** A text; of a choice its number, from 0, its text, or the log-likelihood of each choice. */
  readonly value: string | number | readonly number[];
  /** Whether it ended because the limit of tokens was reached; null where that is not known. */
  readonly truncated: boolean | null;
}

/** The outputs of each row, in the order of the file, by its number. */
export type TaskPredictions = ReadonlyMap<number, readonly StoredOutput[]>;
/** By the name of the task. */
export type Predictions = ReadonlyMap<string, TaskPredictions>;

/**
 * Reads stored answers: a line `{doc_id, output}` for each, several lines for a row that is answered several times.
 *
 * @param tasks the names of all tasks that are evaluated; where there are several, each line says which it is of
 * @throws {DataError} `PREDICTIONS_INVALID` with the lines that are wrong; `DATASET_FORMAT`, `DATASET_UNREADABLE`
 */
export async function readPredictions(file: string, tasks: readonly string[]): Promise<Predictions> {
  const predictions = new Map(tasks.map((task) => [task, new Map<number, StoredOutput[]>()]));
  const problems: Problem[] = [];
  const only = tasks.length === 1 ? tasks[0] : undefined;
  for await (const block of dataFormatOf(file).read(file, () => {})) {
    for (const parsed of parseLines(block.lines)) {
      const where = block.placeOf(parsed.line);
      const read = "value" in parsed ? line.safeParse(parsed.value) : null;
      const task = read?.data?.task ?? only;
      if ("problem" in parsed) problems.push({ where, message: parsed.problem });
      else if (read?.data === undefined) problems.push({ where, message: wrongLine(read?.error) });
      else if (task === undefined)
        problems.push({ where, message: "needs the field task, because several tasks are evaluated" });
      else {
        // A file may hold answers to tasks that are not evaluated now.
        const rows = predictions.get(task);
        const { doc_id: id, output: value, finish_reason: reason } = read.data;
        const outputs = rows?.get(id) ?? [];
        outputs.push({ value, truncated: reason === undefined ? null : reason === "length" });
        rows?.set(id, outputs);
      }
      if (problems.length >= MAX_PROBLEMS) throw rowsError(problems);
    }
  }
  if (problems.length > 0) throw rowsError(problems);
  for (const [task, rows] of predictions) {
    if (rows.size === 0)
      throw new DataError("PREDICTIONS_INVALID", `${file} holds no answers to the task ${task}`);
  }
  return predictions;
}

function wrongLine(error: z.ZodError | undefined): string {
  const problems = error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
  return `is no answer, such as {"doc_id": 0, "output": "..."}: ${problems.join("; ")}`;
}
