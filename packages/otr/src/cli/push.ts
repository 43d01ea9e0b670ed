/** @file `otr push`: uploads a finished model. */
import { pushOptionSet, pushOptions } from "../config/push-options.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";

/** Runs `otr push`; returns the exit status. */
export async function runPush(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(pushOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const [{ checkModelFolder, preparePush, pushModel }, { transferDisplay }] = await Promise.all([
    import("../training/push-model.js"),
    import("./transfer-display.js"),
  ]);
  await checkModelFolder(config.folder);
  const target = await preparePush(config.folder, config);
  const display = transferDisplay(process.stderr);
  const pushed = await pushModel(config.folder, target, { onProgress: display.show }).finally(display.clear);
  if (switches.has("json")) process.stdout.write(`${JSON.stringify(pushed)}\n`);
  else process.stderr.write(`The model is at ${pushed.url}\n`);
  return EXIT.done;
}

function help(): string {
  return commandHelp(pushOptions, {
    usage: "otr push FOLDER [--hub_model_id ORG/NAME] [--option value ...]",
    summary:
      "Uploads the model of a folder to the Hugging Face Hub as one commit, with a model card made from run.json. Needs " +
      "HF_TOKEN, or the token that `hf auth login` keeps.",
    switches: { json: "Print repository, url and commit as one JSON line on standard output." },
    examples: ["otr push out --hub_model_id ORG/NAME"],
  });
}
