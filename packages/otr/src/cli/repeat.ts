/** @file `otr train --repeat`: trains again what a run's record tells of, and says whether the same came out. */
import { repeatOptionSet, repeatOptions } from "../config/repeat-options.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { watchTraining } from "./watch-training.js";

/** Whether the arguments of `otr train` ask for a repetition. */
export const asksForRepetition = (args: readonly string[]): boolean =>
  args.some((argument) => /^--repeat(=|$)/.test(argument));

/** Runs `otr train --repeat FOLDER`; returns the exit status: 1 where something else came out. */
export async function runRepeat(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(repeatOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const { repeat, outputDir } = config;
  const { repeatRun } = await import("../training/repeat-run.js");
  const { result, machineChanges, adjustments, differences } = await watchTraining(
    switches.has("json"),
    (options) => repeatRun(repeat, outputDir, options),
  );
  if (result.status === "interrupted") {
    process.stderr.write(`Interrupted after step ${result.steps}; nothing was compared.\n`);
    return EXIT.interrupted;
  }
  const isIdentical = differences.length === 0;
  if (switches.has("json")) {
    const changes = { machine_changes: machineChanges, adjustments };
    const line = { type: "repeat", identical: isIdentical, ...changes, differences };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  const verdict = isIdentical
    ? `The repetition in ${outputDir} is the same as ${repeat}: every line of metrics.jsonl (but for times and memory) and every weight.`
    : `The repetition in ${outputDir} is not the same as ${repeat}.`;
  const changes = machineChanges.map((change) => `Not as it was: ${change}.`);
  const adjusted = adjustments.map((adjustment) => `Changed on its way: ${adjustment}.`);
  const found = differences.map((difference) => `Different: ${difference}.`);
  process.stderr.write(`${[verdict, ...changes, ...adjusted, ...found].join("\n")}\n`);
  return isIdentical ? EXIT.done : EXIT.failed;
}

function help(): string {
  return commandHelp(repeatOptions, {
    usage: "otr train --repeat FOLDER [--output_dir FOLDER]",
    summary:
      "Trains again what run.json in the folder tells of, with its options, model and data, and compares what was measured and " +
      "learned. Exit status 0: the same, bit for bit; 1: not the same, and where it differs first.",
    switches: { json: "Print one JSON line per event on standard output, and one with the comparison." },
    examples: ["otr train --repeat out"],
  });
}
