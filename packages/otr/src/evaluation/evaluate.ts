/** @file An evaluation from names of tasks to their results. */
import { type ChatTemplate, loadChatTemplate } from "../data/chat-template.js";
import type { OpenHubDataset } from "../data/hub-dataset.js";
import { pythonStr } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import type { CausalLM } from "../models/causal-lm.js";
import { aggregateGroup, aggregateTask, type MetricResult } from "./aggregate.js";
import { type AskedModel, askModel, type AskModelOptions } from "./ask-model.js";
import { buildRequests, type TaskRequest } from "./build-requests.js";
import { CountedPrograms, type ProgramCounts } from "./counted-programs.js";
import { answerSettings, withGeneration } from "./generation-settings.js";
import { readPredictions, type TaskPredictions } from "./predictions.js";
import { importedModules } from "./sandbox/imported-modules.js";
import { openSandbox, type Sandbox } from "./sandbox/open-sandbox.js";
import { type Answer, checkScoring, type Sample, scoreTask } from "./score-task.js";
import type { GenerationSettings, GroupConfig } from "./task-config.js";
import { scoredByStored, storedAnswers } from "./stored-answers.js";
import { findTasks, type FoundTask } from "./task-files.js";
import { openTask, type Task } from "./task.js";

/** What to evaluate, and how. Defaults are those of `otr evaluate`. */
export interface EvaluateOptions extends AskModelOptions {
  /** Names of tasks or groups, or paths of YAML files. */
  readonly tasks: readonly string[];
  /** The model, or what loads it; it is asked for after everything else was found in order. Not needed with predictions. */
  readonly model?: CausalLM | (() => Promise<CausalLM>);
  /** A file of answers to score in place of a model's. */
  readonly predictions?: string | null;
  /** Where predictions end besides the stop strings of a task. */
  readonly eosString?: string | null;
  /** A folder with further tasks. */
  readonly includePath?: string | null;
  /** Local data in place of data sets, by `NAME` or `NAME:SPLIT`. */
  readonly taskData?: ReadonlyMap<string, string>;
  /** Finds data sets of the Hub, as `openHubDataset` of this package does. Default: they are not looked for. */
  readonly openHubDataset?: OpenHubDataset | null;
  /** The first rows of each task: so many, or a share of them below 1. Default: all. */
  readonly limit?: number | null;
  /** Examples in each prompt. Default: as many as each task says. */
  readonly numFewshot?: number | null;
  /** Default: the value of `applyChatTemplate`. */
  readonly fewshotAsMultiturn?: boolean;
  readonly systemInstruction?: string | null;
  /** Settings of generation to change. */
  readonly generation?: Partial<GenerationSettings>;
  /** With `HF_ALLOW_CODE_EVAL=1` in the environment: programs may be run, in the sandbox. */
  readonly confirmRunUnsafeCode?: boolean;
}

/** The results of one task. */
export interface TaskEvaluation {
  readonly task: Task;
  readonly metrics: readonly MetricResult[];
  readonly samples: readonly Sample[];
  /** Rows that were evaluated. */
  readonly rows: number;
  /** Rows whose answer ended at the limit of tokens; null where that is not known. */
  readonly truncated: number | null;
  /** How the programs of a task that runs some fared against their time limit; null for other tasks. */
  readonly programs: ProgramCounts | null;
  /** How many clusters the rows make that ask the same or belong to one passage; null where no two rows do. */
  readonly clusters: number | null;
}

/** The results of a group. */
export interface GroupEvaluation {
  readonly group: GroupConfig;
  readonly metrics: readonly MetricResult[];
}

/** All results. */
export interface Evaluation {
  readonly tasks: readonly TaskEvaluation[];
  readonly groups: readonly GroupEvaluation[];
  /** Sentences for the person. */
  readonly notes: readonly string[];
  /** Files of answers in `workFolder` that are not needed once the results are written (`writeResults` removes them). */
  readonly keptFiles: readonly string[];
  readonly seconds: number;
}

/**
 * Evaluates a model, or stored answers.
 *
 * @throws {DataError} `TASK_*` for tasks, data and predictions that cannot be used; `CHAT_TEMPLATE_*`
 * @throws {ConfigError} where a task runs programs, and that is not allowed
 * @throws {RunError} `SANDBOX_UNAVAILABLE`, `SANDBOX_MODULES`, `EVALUATION_FOLDER`
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const started = performance.now();
  const { tasks: found, groups } = findTasks(options.tasks, options.includePath);
  for (const { config } of found) checkScoring({ config });
  const sandbox = await sandboxFor(found, options);
  const { predictions: file = null } = options;
  const names = found.map(({ config }) => config.task);
  const predictions = file === null ? null : await readPredictions(file, names);
  const chatTemplate = chatTemplateOf(options);
  const prepared: Prepared[] = [];
  for (const each of found) {
    prepared.push(await prepare(each, predictions?.get(each.config.task), chatTemplate, options));
  }
  await sandbox?.requireModules(importedModules(testsOf(prepared)));
  const model = predictions === null ? await loadedModel(options) : null;
  const said: AskedModel[] = [];
  const tasks: TaskEvaluation[] = [];
  for (const each of prepared) {
    const rows = predictions?.get(each.task.config.task);
    if (rows === undefined) said.push(await askModel(each, model!, options));
    const answers =
      rows === undefined ? said.at(-1)!.answers : storedAnswers(each.task.config, each.requests, rows);
    tasks.push(await score(each, answers, sandbox, options));
  }
  const results = new Map(tasks.map(({ task, metrics }) => [task.config.task, metrics]));
  const groupResults = groups.map((group): GroupEvaluation => {
    const metrics = aggregateGroup(group, results);
    results.set(group.group, metrics);
    return { group, metrics };
  });
  return {
    tasks,
    groups: groupResults,
    notes: [...prepared.flatMap(({ notes }) => notes), ...said.flatMap(({ notes }) => notes)],
    keptFiles: said.flatMap(({ keptFile }) => (keptFile === null ? [] : [keptFile])),
    seconds: (performance.now() - started) / 1000,
  };
}

interface Prepared {
  readonly task: Task;
  readonly requests: readonly TaskRequest[];
  readonly notes: readonly string[];
}

async function prepare(
  found: FoundTask,
  stored: TaskPredictions | undefined,
  chatTemplate: ChatTemplate | null,
  options: EvaluateOptions,
): Promise<Prepared> {
  const {
    numFewshot = null,
    taskData = new Map(),
    openHubDataset = null,
    applyChatTemplate = false,
  } = options;
  const { generation = {} } = options;
  const shown = numFewshot === null ? found.config : { ...found.config, num_fewshot: numFewshot };
  const isChanged = shown.output_type === "generate_until" && Object.keys(generation).length > 0;
  const asked = isChanged ? withGeneration(shown, generation) : shown;
  const { config, notes } =
    stored === undefined ? { config: asked, notes: [] } : scoredByStored(asked, stored);
  const task = await openTask({ ...found, config }, { taskData, openHubDataset });
  const requests = buildRequests(task, documentIds(task, stored, options), {
    chatTemplate,
    fewShotAsMultiturn: options.fewshotAsMultiturn ?? applyChatTemplate,
    systemInstruction: options.systemInstruction ?? null,
    fewShotSeed: options.seed ?? 1234,
  });
  return { task, requests, notes: [...notes, ...partNote(task, stored)] };
}

/** A score over some of the rows is easily taken for one over all. */
function partNote({ config, documents }: Task, stored: TaskPredictions | undefined): string[] {
  if (stored === undefined || stored.size >= documents.length) return [];
  return [
    `${config.task}: the predictions hold ${stored.size} of ${documents.length} rows; the others are not evaluated.`,
  ];
}

/** The rows to evaluate: those that have predictions, or the first ones. */
function documentIds(
  { config, documents }: Task,
  stored: TaskPredictions | undefined,
  { limit = null }: EvaluateOptions,
): number[] {
  const all = documents.map((_, id) => id);
  const unknown = [...(stored?.keys() ?? [])].find((id) => id >= documents.length);
  if (unknown !== undefined) {
    throw new DataError(
      "PREDICTIONS_INVALID",
      `the predictions of ${config.task} have an answer with doc_id ${unknown}, and its data has ${documents.length} rows, from 0`,
    );
  }
  const chosen = stored === undefined ? all : all.filter((id) => stored.has(id));
  if (limit === null) return chosen;
  return chosen.slice(0, limit < 1 ? Math.ceil(documents.length * limit) : limit);
}

async function sandboxFor(
  tasks: readonly FoundTask[],
  { confirmRunUnsafeCode = false }: EvaluateOptions,
): Promise<Sandbox | null> {
  return tasks.some(({ config }) => config.unsafe_code) ? openSandbox({ confirmRunUnsafeCode }) : null;
}

/** What is run behind the programs. A test that cannot import its modules would count every answer as wrong. */
const testsOf = (prepared: readonly Prepared[]): string[] =>
  prepared
    .filter(({ task }) => task.config.unsafe_code)
    .flatMap(({ requests }) => requests.map(({ target }) => pythonStr(target)));

function chatTemplateOf({ applyChatTemplate = false, tokenizer }: EvaluateOptions): ChatTemplate | null {
  if (!applyChatTemplate) return null;
  if (tokenizer === undefined) throw new TypeError("applyChatTemplate needs a tokenizer");
  if (tokenizer.chatTemplate === null) {
    throw new DataError(
      "CHAT_TEMPLATE_MISSING",
      `the tokenizer in ${tokenizer.folder} has no chat template, so apply_chat_template cannot write conversations; leave ` +
        "it out, or save the model with the template that it was trained on",
    );
  }
  return loadChatTemplate(tokenizer);
}

async function loadedModel({ model }: EvaluateOptions): Promise<CausalLM> {
  if (model === undefined) throw new TypeError("evaluate needs a model or predictions");
  return typeof model === "function" ? await model() : model;
}

async function score(
  { task, requests }: Prepared,
  answers: readonly Answer[],
  sandbox: Sandbox | null,
  { eosString = null }: EvaluateOptions,
): Promise<TaskEvaluation> {
  const { until } = answerSettings(task.config);
  const stops = eosString === null ? until : [...until, eosString];
  const tools = new CountedPrograms(sandbox);
  const scores = await scoreTask(task, requests, answers, { tools, stops });
  const cut = answers.flatMap(({ outputs }) => [outputs.map(({ truncated }) => truncated)]);
  const isKnown = cut.every((outputs) => outputs.length > 0 && !outputs.includes(null));
  return {
    task,
    samples: scores.samples,
    metrics: aggregateTask(task, scores),
    rows: requests.length,
    truncated: isKnown ? cut.filter((outputs) => outputs.includes(true)).length : null,
    programs: tools.counts(),
    clusters: scores.clusters === null ? null : new Set(scores.clusters).size,
  };
}
