/** @file Reads command-line arguments into a layer of options. */
import type { Problem } from "../errors.js";
import type { OptionDescription } from "./describe-options.js";
import { type Entry, type Layer, unknownOption } from "./layer.js";
import { flagName, optionKey, optionName } from "./option-name.js";
import { readItems, readText, repeatedField } from "./read-text.js";

/** What the arguments hold: option values, bare switches of the command, and the other arguments. */
export interface Flags extends Layer {
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** Those of the positionals that follow the value of a list option, with that option's flag: `--stop a b`. */
  readonly behindLists: ReadonlyMap<string, string>;
}

/**
 * Reads `--name value`, `--name=value` and, for yes-or-no options, a bare `--name`; hyphens and underscores are
 * the same. A value may begin with one hyphen (a negative number), with two only after `=`. List options may be
 * repeated; one that also takes a single text is a list only then. An option with one hyphen is a mistake, and its value is passed over. `switches` names the flags that take
 * no value (`help`, `json`); `-h` is `--help`.
 */
export function readFlags(
  args: readonly string[],
  options: readonly OptionDescription[],
  switches: readonly string[],
): Flags {
  const byKey = new Map(options.map((option) => [option.key, option]));
  const entries = new Map<string, Entry>();
  const problems: Problem[] = [];
  const seenSwitches = new Set<string>();
  const positionals: string[] = [];
  const behindLists = new Map<string, string>();
  /** The list option whose value was read last, or null. */
  let list: string | null = null;

  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "-h") {
      seenSwitches.add("help");
      continue;
    }
    if (/^-[a-z]/i.test(argument)) {
      const name = argument.slice(1).split("=", 1)[0]!;
      const option = byKey.get(optionKey(name));
      const unknown = () => unknownOption(name, options, flagName, switches);
      const message = option ? `options begin with two hyphens: ${flagName(option.key)}.` : unknown();
      problems.push({ where: argument, message });
      if (!argument.includes("=") && args[index + 1]?.startsWith("--") === false) index++;
      continue;
    }
    if (!argument.startsWith("--")) {
      positionals.push(argument);
      if (list !== null) behindLists.set(argument, list);
      continue;
    }
    list = null;
    const equals = argument.indexOf("=");
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    let text = equals < 0 ? null : argument.slice(equals + 1);
    const key = optionKey(flag.slice(2));
    if (switches.includes(key)) {
      seenSwitches.add(key);
      if (text !== null) problems.push({ where: flag, message: "takes no value. Write it alone." });
      continue;
    }
    const option = byKey.get(key);
    const next = args[index + 1];
    if (text === null && next !== undefined && !next.startsWith("--") && takesNext(option, next)) {
      text = next;
      index++;
    }
    if (option === undefined) {
      const message = unknownOption(flag.slice(2), options, flagName, switches);
      problems.push({ where: flag, message });
      continue;
    }
    if (option.kinds.has("list") && text !== null) list = flag;
    addEntry(entries, problems, option, flag, text ?? (option.kinds.has("boolean") ? "true" : ""));
  }
  return { entries, problems, switches: seenSwitches, positionals, behindLists };
}

/** A bare yes-or-no option before a configuration file must not swallow the file's name. */
function takesNext(option: OptionDescription | undefined, next: string): boolean {
  const bareAllowed = option?.kinds.has("boolean") ?? false;
  return !(bareAllowed && /\.(ya?ml|json)$/.test(next));
}

function addEntry(
  entries: Map<string, Entry>,
  problems: Problem[],
  option: OptionDescription,
  flag: string,
  text: string,
): void {
  const repeated = repeatedField(text, option);
  if (repeated !== null && readText(text, option) !== text) {
    const message = `names ${optionName(repeated)} more than once, and only one value can hold. Keep one.`;
    problems.push({ where: flag, message });
  }
  const earlier = entries.get(option.key);
  if (option.kinds.has("list")) {
    const alone = option.kinds.has("text");
    const values = alone ? [readText(text, option)] : readItems(text, option);
    const items = earlier === undefined ? [] : [earlier.value].flat();
    entries.set(option.key, {
      value: alone && earlier === undefined ? values[0] : [...items, ...values],
      where: flag,
    });
  } else if (earlier !== undefined) {
    const message = "is given more than once, and only one value can hold. Keep one.";
    const where = earlier.where;
    if (!problems.some((problem) => problem.where === where && problem.message === message)) {
      problems.push({ where, message });
    }
  } else {
    entries.set(option.key, { value: readText(text, option), where: flag });
  }
}
