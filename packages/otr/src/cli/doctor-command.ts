/** @file `otr doctor`: its arguments and help. */
import { readFlags } from "../config/flags-layer.js";
import { ConfigError } from "../errors.js";
import { EXIT } from "./report-error.js";

const HELP = `Usage: otr doctor [--json]

Shows what was found on this machine: Node, the native addon, libtorch, devices,
CPU features, threads, memory and disk, with the command that mends what is
missing.

  --json   Print one JSON document.
  --help   Show this text.
`;

/** Prints the report; returns the exit status. */
export async function runDoctorCommand(args: readonly string[]): Promise<number> {
  const { switches, positionals, problems } = readFlags(args, [], ["help", "json"]);
  if (switches.has("help")) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const surplus = positionals.map((where) => ({
    where,
    message: "is not expected: otr doctor takes --json only.",
  }));
  if (problems.length + surplus.length > 0) throw new ConfigError([...problems, ...surplus]);
  const { runDoctor } = await import("./doctor.js");
  return runDoctor({ json: switches.has("json") });
}
