/** @file `otr compare`: carries out a comparison and says what it showed. */
import { compareOptionSet, compareOptions } from "../config/compare-options.js";
import { commandHelp } from "./command-help.js";
import { compareDisplay } from "./compare-display.js";
import { fitTerminal } from "./fit-terminal.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";

/** Ends a comparison that a person interrupts. */
class Interruption extends Error {}

/** Runs `otr compare`; returns the exit status: 1 where a run failed. */
export async function runCompare(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(compareOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const { compare } = await import("../experiments/compare.js");
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interruption());
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const display = compareDisplay(process.stderr);
  try {
    const report = await compare(config, { onEvent: display.show, signal: controller.signal });
    display.clear();
    if (switches.has("json")) process.stdout.write(`${JSON.stringify(report)}\n`);
    const lines = [
      ...report.verdict,
      "",
      `The report is in ${config.outputDir}: report.html, report.md and report.json.`,
    ];
    process.stderr.write(fitTerminal(`${lines.join("\n")}\n`, process.stderr));
    const hasFailed = report.failures.length > 0 || report.runs.some(({ failure }) => failure !== null);
    return hasFailed ? EXIT.failed : EXIT.done;
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    display.clear();
    process.stderr.write("Interrupted. The same command goes on where it stopped.\n");
    return EXIT.interrupted;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

function help(): string {
  return commandHelp(compareOptions, {
    usage: "otr compare CONFIG.yaml [--option value ...]",
    summary:
      "Compares objectives at equal cost: tries the same learning rates for each, repeats the best ones over seeds, measures " +
      "all of them by tasks, and says in a report which differences could be shown. Called again, it goes on where it stopped.",
    switches: { json: "Print the content of report.json on standard output." },
    examples: ["otr compare studies/demonstration.yaml", "otr compare comparison.yaml --max_parallel 2"],
  });
}
