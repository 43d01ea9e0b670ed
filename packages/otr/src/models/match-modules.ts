/** @file Names of modules by the regular expressions of files that nobody has looked at. */
import { runInNewContext } from "node:vm";
import { formatValue } from "../config/format-value.js";
import { DataError } from "../errors.js";

/** Far more than all names of a model take; some expressions try 2^n ways on n characters. */
const LONGEST_MATCHING_MS = 1000;

/** An expression for names of modules, and what it is called in error messages. */
export interface ModulePattern {
  readonly expression: string;
  /** Such as `rank_pattern`. */
  readonly setting: string;
  /** The file that it is from, or the like. */
  readonly source: string;
}

/**
 * The names that a regular expression matches as a whole.
 *
 * @throws {DataError} `LORA_TARGETS` for what is no regular expression, and for one that takes too long
 */
export function matchModules(pattern: ModulePattern, names: readonly string[]): ReadonlySet<string> {
  const expression = compiled(pattern, `^(?:${pattern.expression})$`);
  return bounded(pattern, "new Set(names.filter((name) => expression.test(name)))", { names, expression });
}

/**
 * For each name the value of the first expression that matches it, or its end from a dot on, as PEFT takes `rank_pattern`
 * and `alpha_pattern` (`get_pattern_key` in peft/utils/other.py); names that none matches are not in the map.
 *
 * @throws {DataError} as {@link matchModules}
 */
export function valuesOfModules(
  values: Readonly<Record<string, number>>,
  names: readonly string[],
  origin: Omit<ModulePattern, "expression">,
): ReadonlyMap<string, number> {
  const patterns = Object.entries(values).map(([expression, value]) => ({
    expression: compiled({ ...origin, expression }, `^(?:.*\\.)?(?:${expression})$`),
    value,
  }));
  const found: [string, number][] = bounded(
    { ...origin, expression: Object.keys(values).join(", ") },
    `names.flatMap((name) => {
      const first = patterns.find(({ expression }) => expression.test(name));
      return first ? [[name, first.value]] : [];
    })`,
    { names, patterns },
  );
  return new Map(found);
}

function compiled({ expression, setting, source }: ModulePattern, whole: string): RegExp {
  try {
    return new RegExp(whole);
  } catch (error) {
    // The engine's message repeats the whole expression before it says what is wrong.
    const reason = error instanceof Error ? error.message.split(": ").at(-1) : String(error);
    throw new DataError(
      "LORA_TARGETS",
      `${source}: ${setting} ${formatValue(expression)} is no regular expression (${reason})`,
      { cause: error },
    );
  }
}

/** Runs a script that ends in time; what it returns is what the caller has written there. */
function bounded<T>({ expression, setting, source }: ModulePattern, script: string, values: object): T {
  try {
    return runInNewContext(script, { ...values }, { timeout: LONGEST_MATCHING_MS });
  } catch (error) {
    throw new DataError(
      "LORA_TARGETS",
      `${source}: ${setting} ${formatValue(expression)} takes longer than ${LONGEST_MATCHING_MS / 1000} s to match the names of the modules; write a simpler one, or a list of names`,
      { cause: error },
    );
  }
}
