/** @file `otr report`: hands the metrics of a run over to loggers. */
import { type ReportConfig, reportOptionSet, reportOptions } from "../config/report-options.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { writeNote } from "./write-note.js";

/** Runs `otr report`; returns the exit status. */
export async function runReport(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(reportOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const outcomes = await report(config);
  if (switches.has("json")) process.stdout.write(`${JSON.stringify(outcomes)}\n`);
  return outcomes.some(({ reason }) => reason !== null) ? EXIT.failed : EXIT.done;
}

async function report(config: ReportConfig) {
  const [{ reportRun }, { lossText, outcomeText }] = await Promise.all([
    import("../training/loggers/report-run.js"),
    import("../training/loggers/run-reporter.js"),
  ]);
  const places = new Map<string, string>();
  const { outcomes, torn } = await reportRun(config, ({ name, place, loss }) => {
    if (place !== undefined) places.set(name, place);
    if (loss !== undefined) writeNote(lossText(name, loss));
  });
  for (const outcome of outcomes) {
    const [problem] = outcomeText(outcome, config.outputDir);
    process.stderr.write(`${problem ?? `${outcome.name} has the whole run: ${places.get(outcome.name)}`}\n`);
  }
  if (torn !== null) writeNote(`Line ${torn.line} of metrics.jsonl is not finished, and is left out.`);
  return outcomes;
}

function help(): string {
  return commandHelp(reportOptions, {
    usage: "otr report FOLDER [--report_to NAME,...] [--option value ...]",
    summary:
      "Hands the lines of metrics.jsonl over to loggers: those that they lack of a run that reported to them, or all of a " +
      "run that did not.",
    switches: { json: "Print what each logger lacks, and why, as one JSON line on standard output." },
    examples: [
      "otr report out --report_to tensorboard",
      "otr report out --report_to wandb --run_name first-try",
    ],
  });
}
