import type { z } from "zod";
import type { OptionSet } from "../config/option-set.js";
import { type CommandLine, resolveCommandLine } from "../config/resolve-command-line.js";
import { writeNote } from "./write-note.js";

/**
 * The configuration of a command that knows `--json`, with its notes said; or null after printing `help`, which was asked
 * for.
 *
 * @throws {ConfigError} with every mistake of flags, file and values.
 */
export async function readCommandLine<Schema extends z.ZodObject, Config>(
  set: OptionSet<Schema, Config>,
  args: readonly string[],
  help: () => string,
): Promise<CommandLine<Config> | null> {
  const commandLine = await resolveCommandLine(set, args, ["json"]);
  if (commandLine === null) process.stdout.write(help());
  else for (const note of commandLine.notes) writeNote(note);
  return commandLine;
}
