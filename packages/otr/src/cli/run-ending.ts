/** @file Where everything of a finished run is, and what can be done with it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HUB_PREFIX, hubModelName } from "../config/hub-name.js";
import { optionKey } from "../config/option-name.js";
import { shellQuote } from "../config/shell-quote.js";

/** What a run can leave in its folder beside the model, and what that is called. */
const FILES = [
  ["metrics.jsonl", "metrics"],
  ["samples.jsonl", "samples"],
  ["tokens.jsonl", "token traces"],
  ["profile.json", "profile"],
  ["run.json", "record"],
  ["loggers.json", "loggers"],
  ["runs", "event files"],
  ["wandb", "wandb"],
] as const;

/** The files of a run, a line each. */
export function describeFiles(outputDir: string, model: string): string[] {
  const files = FILES.filter(([name]) => existsSync(join(outputDir, name)));
  const checkpoints = existsSync(outputDir)
    ? readdirSync(outputDir).filter(
        (name) => /^checkpoint-\d+$/.test(name) && join(outputDir, name) !== model,
      )
    : [];
  const entries: (readonly [string, string])[] = [
    [existsSync(join(model, "adapter_config.json")) ? "adapter" : "model", model],
    ...files.map(([name, what]) => [what, join(outputDir, name)] as const),
  ];
  if (checkpoints.length > 0) {
    const steps = checkpoints.map((name) => Number(name.slice("checkpoint-".length))).sort((a, b) => a - b);
    entries.push([
      "checkpoints",
      join(outputDir, `checkpoint-${steps.length === 1 ? steps[0] : `{${steps.join(",")}}`}`),
    ]);
  }
  return entries.map(([what, path]) => `${`${what}`.padEnd(13)}${path}`);
}

/** Whether an adapter is for a model of the Hub, without which nobody could use it there. */
function hasHubBase(adapter: string): boolean {
  const config: { base_model_name_or_path?: unknown } = JSON.parse(
    readFileSync(join(adapter, "adapter_config.json"), "utf8"),
  );
  return hubModelName(`${HUB_PREFIX}${config.base_model_name_or_path}`) !== null;
}

/**
 * The next commands for the model of a finished run.
 *
 * @param isChat whether it was trained on conversations
 */
export function nextCommands(model: string, isChat: boolean): string[] {
  const folder = shellQuote(model);
  const isAdapter = existsSync(join(model, "adapter_config.json"));
  return [
    `npx otr generate --model ${folder} ${isChat ? "--apply_chat_template true " : ""}--prompt "..."`,
    ...(isAdapter
      ? [`npx otr merge --adapter_name_or_path ${folder} --output_dir ${shellQuote(`${model}-merged`)}`]
      : []),
    ...(isAdapter && !hasHubBase(model) ? [] : [`npx otr push ${folder} --hub_model_id ORG/NAME`]),
    ...(isAdapter ? [] : [`npx otr train --repeat ${folder}`]),
  ];
}

/** Options that say where a run begins: those of the command that goes on take their place. */
const OF_THE_START = ["resumeFromCheckpoint", "overwriteOutputDir"];

/**
 * The commands for a run that has not ended well and left a checkpoint.
 *
 * @param args of the `otr train` that was called
 * @param outputDir of the run
 */
export function commandsToGoOn(args: readonly string[], outputDir: string): string[] {
  const kept: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    const [flag = ""] = argument.split("=", 1);
    if (!argument.startsWith("--") || !OF_THE_START.includes(optionKey(flag.slice(2)))) {
      kept.push(shellQuote(argument));
      continue;
    }
    const value = args[index + 1];
    const hasValue = !argument.includes("=") && value !== undefined && !/^--|\.(ya?ml|json)$/.test(value);
    if (hasValue) index++;
  }
  return [
    `npx otr train ${[...kept, "--resume_from_checkpoint true"].join(" ")}`,
    `npx otr checkpoints ${shellQuote(outputDir)}`,
  ];
}
