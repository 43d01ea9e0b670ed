/** @file Stored answers as a model would have given them: texts, or the log-likelihood of each choice. */
import { DataError } from "../errors.js";
import type { TaskRequest } from "./build-requests.js";
import type { StoredOutput, TaskPredictions } from "./predictions.js";
import type { Answer, ContinuationLikelihood, Output } from "./score-task.js";
import type { TaskConfig } from "./task-config.js";

/** A task as stored answers can score it. */
export interface StoredTask {
  readonly config: TaskConfig;
  /** Sentences for the person, about metrics that are left out. */
  readonly notes: readonly string[];
}

/**
 * The task with the metrics that its stored answers can have: of a choice without log-likelihoods, `acc` alone.
 *
 * @throws {DataError} `PREDICTIONS_INVALID` for outputs of a kind that the task cannot score
 */
export function scoredByStored(config: TaskConfig, rows: TaskPredictions): StoredTask {
  const { task, output_type: type, metric_list: metrics } = config;
  const outputs = [...rows].flatMap(([id, own]) => own.map(({ value }) => ({ id, value })));
  const refuse = (reason: string): never => {
    throw new DataError("PREDICTIONS_INVALID", `the predictions of ${task} ${reason}`);
  };
  if (type === "loglikelihood_rolling") {
    return refuse("cannot be scored: it needs the log-likelihood of its texts, which only a model gives");
  }
  if (type === "generate_until") {
    const other = outputs.find(({ value }) => typeof value !== "string");
    return other === undefined
      ? { config, notes: [] }
      : refuse(
          `have no text as the output with doc_id ${other.id}; write all that the model said, in quotation marks`,
        );
  }
  const scored = outputs.every(({ value }) => typeof value === "object")
    ? metrics
    : metrics.filter(({ metric }) => metric === "acc");
  if (scored.length === 0)
    return refuse(
      "say which choice the model took; its metrics need the log-likelihood of each, as a list of numbers",
    );
  const left = metrics.filter((metric) => !scored.includes(metric)).map(({ metric }) => String(metric));
  const note =
    `${task}: ${left.join(" and ")} would need the log-likelihood of each choice, and the predictions say which one was taken; ` +
    "acc alone is scored.";
  return { config: { ...config, metric_list: scored }, notes: left.length > 0 ? [note] : [] };
}

/**
 * The stored answers to requests, in their order.
 *
 * @throws {DataError} `PREDICTIONS_INVALID` for too many or too few answers, and for choices that a row does not have
 */
export function storedAnswers(
  { task, repeats, output_type: type }: TaskConfig,
  requests: readonly TaskRequest[],
  rows: TaskPredictions,
): Answer[] {
  return requests.map((request) => {
    const { documentId: id } = request;
    const outputs = rows.get(id)!;
    if (outputs.length !== repeats) {
      throw new DataError(
        "PREDICTIONS_INVALID",
        `the predictions of ${task} have ${outputs.length} answers with doc_id ${id}, where the task has ${repeats} a row`,
      );
    }
    if (type === "generate_until") return { outputs: outputs.map(textOutput), scores: [] };
    return { outputs: [], scores: likelihoods(task, request, outputs[0]!) };
  });
}

const textOutput = ({ value, truncated }: StoredOutput): Output => ({ text: String(value), truncated });

/** As they stand in the file; where it names a choice, that one is certain. */
function likelihoods(
  task: string,
  { documentId, choices }: TaskRequest,
  { value }: StoredOutput,
): ContinuationLikelihood[] {
  const refuse = (reason: string): never => {
    throw new DataError(
      "PREDICTIONS_INVALID",
      `the prediction of ${task} with doc_id ${documentId} ${reason}`,
    );
  };
  if (typeof value === "object") {
    return value.length === choices.length
      ? value.map((logProbability) => ({ logProbability, isGreedy: null }))
      : refuse(`has ${value.length} log-likelihoods, where the row has ${choices.length} choices`);
  }
  const chosen =
    typeof value === "number" ? value : choices.findIndex((choice) => choice.trim() === value.trim());
  if (choices[chosen] === undefined) {
    return refuse(
      `is ${JSON.stringify(value).slice(0, 60)}, which is none of its ${choices.length} choices: a number from 0, or the text of one`,
    );
  }
  return choices.map((_, at) => ({
    logProbability: at === chosen ? 0 : Number.NEGATIVE_INFINITY,
    isGreedy: null,
  }));
}
