/** @file `otr setup`: its options and help. */
import { z } from "zod";
import type { OptionSet } from "../config/option-set.js";
import { option } from "../config/option-text.js";
import { resolveCommandLine } from "../config/resolve-command-line.js";
import { commandHelp } from "./command-help.js";
import { EXIT } from "./report-error.js";

const setupOptions = z.strictObject({
  device: option(z.enum(["cpu", "cuda"]).default("cpu"), {
    group: "Options",
    description: "Which libtorch to fetch: for the CPU alone, or with CUDA's libraries for NVIDIA GPUs.",
  }),
});

const setupOptionSet: OptionSet<typeof setupOptions, z.output<typeof setupOptions>> = {
  schema: setupOptions,
  readsFile: false,
  alternatives: [],
  paths: {},
  rules: () => [],
  complete: (values) => values,
};

/** Fetches libtorch and builds the native part; returns the exit status. */
export async function runSetupFromArguments(args: readonly string[]): Promise<number> {
  const commandLine = await resolveCommandLine(setupOptionSet, args, []);
  if (commandLine === null) {
    const help = commandHelp(setupOptions, {
      usage: "otr setup [--device cpu|cuda]",
      summary:
        "Fetches libtorch into the user's cache folder and builds the native part. Does nothing twice.",
      switches: {},
    });
    process.stdout.write(help);
    return EXIT.done;
  }
  const { runSetupCommand } = await import("./setup.js");
  return runSetupCommand({ device: commandLine.config.device });
}
