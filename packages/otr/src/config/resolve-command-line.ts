/** @file The configuration of a command from its arguments. */
import { existsSync } from "node:fs";
import type { z } from "zod";
import type { Problem } from "../errors.js";
import { describeOptions } from "./describe-options.js";
import { type Flags, readFlags } from "./flags-layer.js";
import type { Layer } from "./layer.js";
import { flagName, optionName } from "./option-name.js";
import type { NameWriter, OptionSet } from "./option-set.js";
import { shellQuote } from "./shell-quote.js";
import { type Resolution, resolveOptions } from "./resolve.js";

/** A checked configuration with the switches that stood beside it. */
export interface CommandLine<Config> extends Resolution<Config> {
  readonly switches: ReadonlySet<string>;
}

/**
 * Reads `[CONFIG.yaml] [--option value ...]`: flags beat the file, the file beats the defaults. Returns null when
 * help was asked for.
 *
 * @param switches Names of the command's flags that take no value, beside `help`.
 * @throws {ConfigError} with every mistake of flags, file and values.
 */
export async function resolveCommandLine<Schema extends z.ZodObject, Config>(
  set: OptionSet<Schema, Config>,
  args: readonly string[],
  switches: readonly string[],
): Promise<CommandLine<Config> | null> {
  const options = describeOptions(set.schema);
  const flags = readFlags(args, options, ["help", ...switches]);
  if (flags.switches.has("help")) return null;

  const layers: Layer[] = [flags];
  const bare = bareLayer(set, flags.positionals, args);
  const [first, ...others] = flags.positionals;
  const { positional } = set;
  const isPositional = positional !== undefined && first !== undefined && !flags.entries.has(positional);
  if (isPositional) layers.unshift(positionalLayer(positional, first));
  const stray = bare === null ? flags.positionals.filter((argument) => isStray(argument, flags)) : [];
  const files = flags.positionals.filter((argument) => !stray.includes(argument));
  const [file, ...surplus] = set.readsFile && bare === null ? files : [];
  if (bare !== null) layers.unshift(bare);
  if (file !== undefined) {
    const { readFileLayer } = await import("./file-layer.js");
    layers.unshift(readFileLayer(file, options));
  }
  const tooMany = set.readsFile ? surplus : isPositional ? others : flags.positionals;
  const expects = set.readsFile ? "one configuration file and no other" : isPositional ? "one" : "no";
  const problems = tooMany.map((argument) => ({
    where: argument,
    message: `is not expected: the command takes ${expects} argument without --. Options look like --name value.`,
  }));
  problems.push(...stray.map((argument) => strayValue(argument, flags.behindLists.get(argument)!)));
  layers.push({ entries: new Map(), problems });

  const write: NameWriter = (key, kind) =>
    file === undefined && kind !== "field" ? flagName(key) : optionName(key);
  return { ...resolveOptions(set, layers, write), switches: flags.switches };
}

/** Whether an argument is no configuration file but a further value of the list option in front of it. */
const isStray = (argument: string, { behindLists }: Flags): boolean =>
  behindLists.has(argument) && !/\.(ya?ml|json)$/.test(argument);

const strayValue = (argument: string, flag: string): Problem => ({
  where: argument,
  message: `stands behind the value of ${flag}. If it is meant as one more, repeat the option: ${flag} ${shellQuote(argument)}.`,
});

const positionalLayer = (key: string, value: string): Layer => ({
  entries: new Map([[key, { value, where: value }]]),
  problems: [],
});

/** The layer of arguments that name no file but are the value of an option whose name was left out, or null. */
function bareLayer(
  { bareArgument }: OptionSet,
  [first, ...rest]: readonly string[],
  args: readonly string[],
): Layer | null {
  if (bareArgument === undefined || first === undefined) return null;
  if (existsSync(first) || /\.(ya?ml|json)$/.test(first)) return null;
  const text = [first, ...rest].join(" ");
  // `--prompt Once upon a time`: the first word went to the option.
  const at = args.indexOf(first);
  const taken = args[at - 2] === flagName(bareArgument) ? [args[at - 1]!] : [];
  const meant = JSON.stringify([...taken, text].join(" "));
  const message = `is no configuration file that exists. Did you mean ${flagName(bareArgument)} ${meant}?`;
  return {
    entries: new Map([[bareArgument, { value: [text], where: text }]]),
    problems: [{ where: text, message }],
  };
}
