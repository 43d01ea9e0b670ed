/** @file One place that options come from: the flags, a file, or an object of the library's caller. */
import type { Problem } from "../errors.js";
import { closest } from "./closest.js";
import { listWords, type OptionDescription } from "./describe-options.js";
import { otherSpelling, subjectNotHere } from "./foreign-names.js";
import { optionKey } from "./option-name.js";
import type { NameWriter } from "./option-set.js";

/** A value with the words that say where it was written: `--learning-rate`, `run.yaml:3 learning_rate`. */
export interface Entry {
  readonly value: unknown;
  readonly where: string;
}

/** The values that one place gives, and the mistakes in how they are written. */
export interface Layer {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly Problem[];
  /** Set where the place could not be read, so that an option missing here may stand there. */
  readonly unreadable?: true;
}

/** What to say about an option that does not exist. `switches` are flags that take no value. */
export function unknownOption(
  name: string,
  options: readonly OptionDescription[],
  write: NameWriter,
  switches: readonly string[] = [],
): string {
  const key = optionKey(name);
  const subject = subjectNotHere(key);
  if (subject !== null) return `this version does not have ${subject}. Remove the option.`;
  const keys = [...options.map((option) => option.key), ...switches];
  const positive = key.replace(/^no([A-Z])/, (_, letter: string) => letter.toLowerCase());
  if (positive !== key && options.some((option) => option.key === positive && option.kinds.has("boolean"))) {
    return `there is no such option. To turn it off: ${write(positive)} false.`;
  }
  const other = otherSpelling(key);
  const suggestion = other !== null && keys.includes(other) ? other : closest(key, keys);
  if (suggestion !== null) return `there is no such option. Did you mean ${write(suggestion)}?`;
  if (options.length === 0)
    return `there is no such option. Known are ${listWords(
      keys.map((known) => write(known)),
      "and",
    )}.`;
  return "there is no such option. --help and docs/options.md list those that exist.";
}
