/** @file Asks a model about the rows of a task, and keeps what it said while it goes on. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Tokenizer } from "../data/tokenizer.js";
import { RunError } from "../errors.js";
import type { CausalLM } from "../models/causal-lm.js";
import { AnswerFile } from "./answer-file.js";
import { answerRequests, type Speaker } from "./answer-requests.js";
import type { TaskRequest } from "./build-requests.js";
import { answerSettings } from "./generation-settings.js";
import { type Answer, sha256 } from "./score-task.js";
import type { Task } from "./task.js";
import { taskFileName } from "./task-file-name.js";

/** How far an evaluation is. */
export interface EvaluationProgress {
  readonly task: string;
  readonly answered: number;
  readonly rows: number;
}

/** The options of an evaluation that concern the model. */
export interface AskModelOptions {
  /** The model's tokenizer. Without a model it is needed for its chat template alone. */
  readonly tokenizer?: Tokenizer;
  /** Whether prompts are conversations, written by the tokenizer's chat template. Default: false. */
  readonly applyChatTemplate?: boolean;
  /** Decides which examples are drawn, and the draws of sampled answers. Default: 1234. */
  readonly seed?: number;
  /** Prompts computed together. Default: 32. */
  readonly batchSize?: number;
  /** A folder in which answers are kept until the results are written, so that a run that was stopped goes on. */
  readonly workFolder?: string | null;
  /** Tells the model from others, for answers that were kept. Needed with `workFolder`. */
  readonly modelIdentity?: string;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** What a model said of all rows of a task. */
export interface AskedModel {
  /** In the order of the requests. */
  readonly answers: readonly Answer[];
  /** Sentences for the person. */
  readonly notes: readonly string[];
  /** A file with these answers, and no others; null: there is none. */
  readonly keptFile: string | null;
}

/** Rows whose draws depend on each other's places: where one of them is missing, all are asked again. */
const SAMPLED_AT_ONCE = 64;

/**
 * Asks the model about the rows that no earlier run with the same settings has kept.
 *
 * @throws {DataError} as {@link answerRequests} does
 * @throws {RunError} `EVALUATION_FOLDER`
 */
export async function askModel(
  { task, requests }: { readonly task: Task; readonly requests: readonly TaskRequest[] },
  model: CausalLM,
  options: AskModelOptions,
): Promise<AskedModel> {
  const { tokenizer, seed = 1234, batchSize = 32, onProgress, applyChatTemplate = false } = options;
  if (tokenizer === undefined) throw new TypeError("evaluate needs the model's tokenizer");
  const { config } = task;
  const settings = answerSettings(config);
  const speaker: Speaker = { model, tokenizer, addsSpecialTokens: !applyChatTemplate };
  const kept = openAnswers(
    requests,
    config.task,
    [settings, config.repeats, seed, speaker.addsSpecialTokens],
    options,
  );
  const answers = new Map(kept?.found);
  const isSampled = settings.temperature > 0;
  const rowsAtOnce = isSampled ? SAMPLED_AT_ONCE : Math.max(1, requests.length);
  const tell = () => onProgress?.({ task: config.task, answered: answers.size, rows: requests.length });
  let cut = 0;
  try {
    tell();
    for (let start = 0; start < requests.length; start += rowsAtOnce) {
      const rows = requests.slice(start, start + rowsAtOnce);
      const missing = rows.filter(({ documentId }) => !answers.has(documentId));
      const asked = isSampled && missing.length > 0 ? rows : missing;
      await answerRequests(speaker, asked, {
        settings,
        repeats: config.repeats,
        seed: (seed + start) % 2 ** 32,
        batchSize,
        onPromptCut: () => {
          cut += 1;
        },
        onAnswer: (at, answer) => {
          const { documentId } = asked[at]!;
          answers.set(documentId, answer);
          kept?.append(documentId, answer);
          tell();
        },
      });
    }
  } finally {
    kept?.close();
  }
  const note =
    `${config.task}: ${cut} prompts are longer than the model's context and lost their beginning; lower num_fewshot, or ` +
    "max_gen_toks (gen_kwargs).";
  return {
    answers: requests.map(({ documentId }) => answers.get(documentId)!),
    notes: cut > 0 ? [note] : [],
    keptFile: kept === null || kept.holdsOthers ? null : kept.path,
  };
}

function openAnswers(
  requests: readonly TaskRequest[],
  task: string,
  dependsOn: readonly unknown[],
  { workFolder = null, modelIdentity, tokenizer }: AskModelOptions,
): AnswerFile | null {
  if (workFolder === null) return null;
  if (modelIdentity === undefined) throw new TypeError("workFolder needs a modelIdentity");
  try {
    mkdirSync(workFolder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(
      "EVALUATION_FOLDER",
      `${workFolder} cannot be made (${reason}); choose another output_path`,
      {
        cause: error,
      },
    );
  }
  const settings = sha256(JSON.stringify([modelIdentity, tokenizer?.fingerprint, ...dependsOn]));
  const name = `unfinished_${taskFileName(task)}_${settings.slice(0, 12)}.jsonl`;
  const promptHashes = requests.map(
    ({ documentId, prompts, continuations }) =>
      [documentId, sha256(JSON.stringify([prompts, continuations]))] as const,
  );
  return new AnswerFile(join(workFolder, name), new Map(promptHashes));
}
