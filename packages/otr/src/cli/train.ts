/** @file `otr train`: checks the options, runs the training, says where the model is. */
import type { TrainEvent, TrainResult } from "../training/events.js";
import { trainOptions } from "../config/train-options.js";
import { trainOptionSet } from "../config/train-rules.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { asksForRepetition, runRepeat } from "./repeat.js";
import { EXIT, reportError } from "./report-error.js";
import { commandsToGoOn, describeFiles, nextCommands } from "./run-ending.js";
import { watchTraining } from "./watch-training.js";
import { counted } from "../config/format-value.js";
import { shellQuote } from "../config/shell-quote.js";

/** Runs `otr train`; returns the exit status. */
export async function runTrain(args: readonly string[]): Promise<number> {
  if (asksForRepetition(args)) return runRepeat(args);
  const commandLine = await readCommandLine(trainOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const toStderr = (text: string) => process.stderr.write(text);
  const { train } = await import("../training/train.js");
  let usesChatTemplate = false;
  let hasFailed = false;
  const training = watchTraining(switches.has("json"), (options) => {
    const onEvent = (event: TrainEvent) => {
      if (event.type === "start") usesChatTemplate = event.usesChatTemplate;
      if (event.type === "end") hasFailed = event.status === "failed";
      options.onEvent?.(event);
    };
    return train(config, { ...options, onEvent });
  });
  let result: TrainResult;
  try {
    result = await training;
  } catch (error) {
    if (!hasFailed || !(await canGoOn(config.outputDir))) throw error;
    const status = reportError(error);
    toStderr(nextLines(commandsToGoOn(args, config.outputDir)));
    return status;
  }

  const folder = shellQuote(result.outputDir);
  if (result.status === "interrupted") {
    const steps = counted(result.steps, "step");
    toStderr(`Interrupted after ${steps}. What was trained so far is in ${folder}\n`);
    if (config.pushToHub) toStderr(`It was not uploaded: npx otr push ${folder} does that.\n`);
    const look = nextCommands(result.outputDir, usesChatTemplate)[0]!;
    toStderr(nextLines([...commandsToGoOn(args, config.outputDir), look]));
    return EXIT.interrupted;
  }
  if (result.pushed) toStderr(`Uploaded to ${result.pushed.url}\n`);
  const files = describeFiles(config.outputDir, result.outputDir);
  const commands = nextCommands(result.outputDir, usesChatTemplate);
  toStderr(`${files.join("\n")}\n${nextLines(commands)}`);
  return EXIT.done;
}

/** What can be typed next. */
const nextLines = (commands: readonly string[]): string =>
  `\nNext:\n${commands.map((command) => `  ${command}\n`).join("")}`;

/** Whether a run that failed has left a checkpoint to go on from. */
async function canGoOn(outputDir: string): Promise<boolean> {
  const [{ lastResumable }, { readRunIdentity }] = await Promise.all([
    import("../training/checkpoints/resume-point.js"),
    import("../training/run-record.js"),
  ]);
  const run = readRunIdentity(outputDir);
  return run !== null && lastResumable(outputDir, run.runId) !== null;
}

function help(): string {
  return commandHelp(trainOptions, {
    usage: "otr train [CONFIG.yaml] [--option value ...]",
    summary:
      "Fine-tunes a model, or with use_peft a LoRA adapter beside it, on rows of text with One-Token Rollout (otr), dynamic " +
      "fine-tuning (dft) or supervised fine-tuning (nll). Flags beat the file, the file beats the defaults.",
    switches: { json: "Print one JSON line per event on standard output." },
    examples: [
      "otr train --model_name_or_path MODEL --dataset rows.jsonl --output_dir out",
      "otr train run.yaml --loss_type nll --learning_rate 1e-5",
      "otr train --repeat out",
    ],
  });
}
