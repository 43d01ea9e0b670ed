/** @file `otr evaluate`: scores a model, or stored answers, on tasks. */
import { type EvaluateConfig, evaluateOptionSet, evaluateOptions } from "../config/evaluate-options.js";
import { optionName } from "../config/option-name.js";
import type { EvaluationProgress } from "../evaluation/ask-model.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ResultsContext } from "../evaluation/results-files.js";
import { commandHelp } from "./command-help.js";
import { EvaluatedModel } from "./evaluated-model.js";
import { evaluationTable } from "./evaluation-table.js";
import { ProgressBar } from "./progress-bar.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { transferDisplay } from "./transfer-display.js";
import { version } from "./version.js";
import { writeNote } from "./write-note.js";

/** Runs `otr evaluate`; returns the exit status. */
export async function runEvaluate(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(evaluateOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const date = new Date();
  const transfers = transferDisplay(process.stderr);
  const model = config.model === null ? null : await EvaluatedModel.find(config.model, config, transfers);
  try {
    const evaluation = await evaluateModel(config, model, transfers.show).finally(transfers.clear);
    for (const note of evaluation.notes) writeNote(note);
    const chatTemplate = config.applyChatTemplate ? (model?.tokenizer.chatTemplate ?? null) : null;
    const context = contextOf(config, { chatTemplate, date });
    const { resultsDocument, writeResults } = await import("../evaluation/results-files.js");
    if (config.outputPath !== null) {
      const path = await writeResults(config.outputPath, evaluation, context, config.logSamples);
      writeNote(`the results are in ${path}.`);
    }
    const isJson = switches.has("json");
    process.stdout.write(
      isJson
        ? `${JSON.stringify(resultsDocument(evaluation, context), null, 2)}\n`
        : evaluationTable(evaluation),
    );
    return EXIT.done;
  } finally {
    model?.dispose();
  }
}

async function evaluateModel(
  config: EvaluateConfig,
  model: EvaluatedModel | null,
  onDownload: ReturnType<typeof transferDisplay>["show"],
): Promise<Evaluation> {
  const [{ evaluate }, { changedGeneration }, { checkTaskData }, { findTasks }, { openHubDataset }] =
    await Promise.all([
      import("../evaluation/evaluate.js"),
      import("../evaluation/generation-settings.js"),
      import("../evaluation/load-documents.js"),
      import("../evaluation/task-files.js"),
      import("../hub/open-hub-dataset.js"),
    ]);
  const taskData = new Map(config.taskData.map(splitPair));
  checkTaskData(findTasks(config.tasks, config.includePath).tasks, taskData);
  const progress = progressOf();
  try {
    return await evaluate({
      ...config,
      taskData,
      openHubDataset: (id, revision) => openHubDataset(id, revision, onDownload),
      generation: changedGeneration(config.genKwargs),
      model: () => model!.load(config),
      ...(model !== null && { tokenizer: model.tokenizer, modelIdentity: model.identity }),
      workFolder: config.predictions === null ? config.outputPath : null,
      onProgress: progress.show,
    });
  } finally {
    progress.clear();
  }
}

/** `NAME:SPLIT=FILE` as name and file. */
function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

interface Progress {
  show(progress: EvaluationProgress): void;
  clear(): void;
}

/** A bar for each task on a terminal; elsewhere a line when a task begins. */
function progressOf(): Progress {
  let bar: ProgressBar | null = null;
  let task = "";
  return {
    show(progress) {
      const { answered, rows } = progress;
      if (progress.task !== task) {
        task = progress.task;
        bar?.clear();
        bar = process.stderr.isTTY ? new ProgressBar(process.stderr, { total: rows, label: task }) : null;
        if (bar === null) process.stderr.write(`${task}: ${rows === 1 ? "1 row" : `${rows} rows`}\n`);
      }
      bar?.update(answered);
    },
    clear: () => bar?.clear(),
  };
}

/** What is recorded of the run. */
function contextOf(
  config: EvaluateConfig,
  { chatTemplate, date }: Pick<ResultsContext, "chatTemplate" | "date">,
): ResultsContext {
  const options = Object.entries(config).map(([key, value]) => [optionName(key), value] as const);
  return {
    model: config.adapterNameOrPath ?? config.model ?? config.predictions ?? "",
    config: Object.fromEntries(options.filter(([key]) => key !== "model")),
    systemInstruction: config.systemInstruction,
    fewshotAsMultiturn: config.fewshotAsMultiturn,
    chatTemplate,
    date,
    version: version(),
  };
}

function help(): string {
  return commandHelp(evaluateOptions, {
    usage: "otr evaluate [CONFIG.yaml] --model MODEL --tasks NAME,NAME [--option value ...]",
    summary:
      "Scores a model on tasks, with the prompts and scores of lm-evaluation-harness, and writes results and samples in its " +
      "layout. An evaluation that was stopped goes on where it was.",
    switches: { json: "Print the results file on standard output in place of the table." },
    examples: [
      "otr evaluate --model out --tasks gsm8k_cot --limit 100",
      "otr evaluate --predictions answers.jsonl --tasks gsm8k_cot",
    ],
  });
}
