/**
 * @file The command line. Commands are imported when they are called, so that help and mistakes are answered at
 * once and libtorch is loaded only where it is needed.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { closest } from "../config/closest.js";
import { UsageError } from "../errors.js";
import { EXIT, reportError } from "./report-error.js";
import { watchTerminal } from "./watch-terminal.js";

interface Command {
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    "train",
    {
      summary: "Fine-tune a model with One-Token Rollout, DFT or SFT.",
      run: async (args) => (await import("./train.js")).runTrain(args),
    },
  ],
  [
    "plan",
    {
      summary: "Tell what a run will take in memory and time.",
      run: async (args) => (await import("./plan.js")).runPlan(args),
    },
  ],
  [
    "inspect",
    {
      summary: "Show what training would make of its rows.",
      run: async (args) => (await import("./inspect.js")).runInspect(args),
    },
  ],
  [
    "generate",
    {
      summary: "Continue prompts with a model.",
      run: async (args) => (await import("./generate.js")).runGenerate(args),
    },
  ],
  [
    "evaluate",
    {
      summary: "Score a model, or stored answers, on tasks.",
      run: async (args) => (await import("./evaluate.js")).runEvaluate(args),
    },
  ],
  [
    "merge",
    {
      summary: "Make a LoRA adapter part of its model.",
      run: async (args) => (await import("./merge.js")).runMerge(args),
    },
  ],
  [
    "push",
    {
      summary: "Upload a finished model to the Hugging Face Hub.",
      run: async (args) => (await import("./push.js")).runPush(args),
    },
  ],
  [
    "checkpoints",
    {
      summary: "List and verify the checkpoints of a run.",
      run: async (args) => (await import("./checkpoints.js")).runCheckpoints(args),
    },
  ],
  [
    "report",
    {
      summary: "Hand the metrics of a run over to loggers.",
      run: async (args) => (await import("./report.js")).runReport(args),
    },
  ],
  [
    "compare",
    {
      summary: "Compare objectives at equal cost, over learning rates and seeds.",
      run: async (args) => (await import("./compare.js")).runCompare(args),
    },
  ],
  [
    "doctor",
    {
      summary: "Show what this machine offers and what is missing.",
      run: async (args) => (await import("./doctor-command.js")).runDoctorCommand(args),
    },
  ],
  [
    "setup",
    {
      summary: "Fetch libtorch and build the native part.",
      run: async (args) => (await import("./setup-command.js")).runSetupFromArguments(args),
    },
  ],
  [
    "schema",
    {
      summary: "Print the JSON Schema of a configuration file.",
      run: async (args) => (await import("./schema.js")).runSchema(args),
    },
  ],
]);

/**
 * Runs a command line and returns its exit status: 0 done, 1 failed, 2 wrong usage, configuration or data,
 * 130 interrupted. Errors are reported on standard error, never thrown.
 */
export async function main(args: readonly string[]): Promise<number> {
  watchTerminal();
  const outputFailed = watchOutput();
  try {
    const status = await dispatch(args);
    // A failed write is told a turn of the event loop later.
    await nextTurn();
    return status === EXIT.done && outputFailed() ? EXIT.failed : status;
  } catch (error) {
    return reportError(error);
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "") {
    process.stderr.write(overview());
    return EXIT.usage;
  }
  if (["--help", "-h", "help"].includes(name)) {
    const command = COMMANDS.get(rest[0] ?? "");
    if (command !== undefined) return command.run(["--help"]);
    process.stdout.write(overview());
    return EXIT.done;
  }
  if (["--version", "-V"].includes(name)) {
    const { version } = await import("./version.js");
    process.stdout.write(`${version()}\n`);
    return EXIT.done;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) throw new UsageError("UNKNOWN_COMMAND", unknownCommand(name));
  return command.run(rest);
}

function overview(): string {
  const commands = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return `Usage: otr COMMAND [CONFIG.yaml] [--option value ...]

Fine-tunes language models with One-Token Rollout, in TypeScript, on libtorch.

Commands:
${commands.join("\n")}

  otr COMMAND --help   options of a command
  otr --version        version of this program

Example:
  otr train --model_name_or_path MODEL --dataset rows.jsonl --output_dir out
`;
}

function unknownCommand(name: string): string {
  const suggestion = closest(name, COMMANDS.keys());
  const hint = suggestion === null ? "" : ` Did you mean otr ${suggestion}?`;
  const found = name.startsWith("-")
    ? `the first argument is the option ${name}, but a command must stand there.`
    : `there is no command ${name}.`;
  return `${found}${hint}\nCommands: ${[...COMMANDS.keys()].join(", ")}. See otr --help.`;
}

/**
 * Output that cannot be written must not end the work: a training run goes on when its terminal is closed. A reader that
 * goes away (`otr schema | head -1`) is no failure at all; anything else on standard output (`> /dev/full`) makes the
 * exit status 1.
 *
 * @returns whether standard output failed
 */
function watchOutput(): () => boolean {
  let failed = false;
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "EIO" || failed) return;
    failed = true;
    process.stderr.write(`otr: standard output cannot be written: ${error.message}\n`);
  });
  return () => failed;
}
