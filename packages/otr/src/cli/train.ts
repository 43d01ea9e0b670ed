/** @file `otr train`: checks the options, runs the training, says where the model is. */
import { trainOptions } from "../config/train-options.js";
import { trainOptionSet } from "../config/train-rules.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { counted } from "../config/format-value.js";
import { shellQuote } from "../config/shell-quote.js";
import type { StopSignal } from "@one-token/torch";
import { hasTerminal } from "./watch-terminal.js";

/** Said when a signal comes while model and rows are read. */
const NOT_BEGUN = "\nInterrupted before training began; there is nothing to save.\n";

/** Said at once when the first signal comes, in the middle of a step. */
const STOPPING = "\nStopping after this step to save the model; a second Ctrl-C leaves at once.\n";

/** Runs `otr train`; returns the exit status. */
export async function runTrain(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(trainOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const toStderr = (text: string) => process.stderr.write(text);

  const [{ train }, { barDisplay, jsonDisplay, lineDisplay }, { installSignalHandler, pendingSignals }] =
    await Promise.all([
      import("../training/train.js"),
      import("./train-display.js"),
      import("@one-token/torch"),
    ]);
  const toPerson = process.stderr.isTTY ? barDisplay(process.stderr) : lineDisplay(toStderr);
  const toProgram = switches.has("json") ? jsonDisplay((text) => process.stdout.write(text)) : null;
  const leave = () => {
    toStderr(NOT_BEGUN);
    process.exit(EXIT.interrupted);
  };
  process.once("SIGINT", leave);
  let promptOption = "--prompt";
  const training = train(config, {
    onEvent(event) {
      // Weights are loaded without a pause in which a signal could be heard: until the start it ends the process as usual.
      if (event.type === "load") process.off("SIGINT", leave);
      if (event.type === "start") {
        installSignalHandler(STOPPING, stopSignals());
        if (event.usesChatTemplate) promptOption = "--apply_chat_template true --prompt";
      }
      toProgram?.(event);
      toPerson(event);
    },
    shouldStop: () => pendingSignals() > 0,
  }).finally(() => process.off("SIGINT", leave));
  const result = await training.catch((error: unknown) => {
    // A bar may stand where the error is written.
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    throw error;
  });

  const folder = shellQuote(result.outputDir);
  if (result.status === "interrupted") {
    const steps = counted(result.steps, "step");
    toStderr(`Interrupted after ${steps}. What was trained so far is in ${folder}\n`);
    if (config.pushToHub) toStderr(`It was not uploaded: npx otr push ${folder} does that.\n`);
    return EXIT.interrupted;
  }
  if (result.pushed) toStderr(`Uploaded to ${result.pushed.url}\n`);
  toStderr(
    `The ${config.usePeft ? "adapter" : "model"} is in ${folder}\nTry it: npx otr generate --model ${folder} ${promptOption} "..."\n`,
  );
  return EXIT.done;
}

/** A run without a terminal outlives the one that it was started from (`nohup`). */
const stopSignals = (): StopSignal[] =>
  hasTerminal() ? ["SIGINT", "SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM"];

function help(): string {
  return commandHelp(trainOptions, {
    usage: "otr train [CONFIG.yaml] [--option value ...]",
    summary:
      "Fine-tunes all weights of a model on rows of text with One-Token Rollout (otr), dynamic fine-tuning " +
      "(dft) or supervised fine-tuning (nll). Flags beat the file, the file beats the defaults.",
    switches: { json: "Print one JSON line per event on standard output." },
    examples: [
      "otr train --model_name_or_path MODEL --dataset rows.jsonl --output_dir out",
      "otr train run.yaml --loss_type nll --learning_rate 1e-5",
    ],
  });
}
