/** @file From flags, file and defaults to one checked configuration, every mistake reported together. */
import { z } from "zod";
import { ConfigError, type Problem } from "../errors.js";
import { closest } from "./closest.js";
import { describeOptions, listWords, type OptionDescription } from "./describe-options.js";
import { formatDefault, formatValue } from "./format-value.js";
import { type Entry, type Layer, unknownOption } from "./layer.js";
import type { NameWriter, OptionSet } from "./option-set.js";

/** A checked configuration, and sentences about what was overridden on the way. */
export interface Resolution<Config> {
  readonly config: Config;
  readonly notes: readonly string[];
}

/**
 * Merges the layers (a later one wins over an earlier one) with the defaults, checks every option, the rules over
 * several options, and the files and folders they name.
 *
 * @param write How the person at hand writes option names.
 * @throws {ConfigError} with every mistake that was found.
 */
export function resolveOptions<Schema extends z.ZodObject, Config>(
  set: OptionSet<Schema, Config>,
  layers: readonly Layer[],
  write: NameWriter,
): Resolution<Config> {
  const options = describeOptions(set.schema);
  const problems: Problem[] = layers.flatMap((layer) => layer.problems);
  const notes: string[] = [];
  const given = mergeLayers(set.alternatives, layers);
  const unreadable = layers.some((layer) => layer.unreadable);
  const where = (key: string) => given.get(key)?.entry.where ?? write(key);

  const values: Record<string, unknown> = {};
  const wrong = new Set<string>();
  for (const option of options) {
    const result = checkValue(set.schema, option, given.get(option.key)?.entry.value, write);
    values[option.key] = result.value;
    if (result.messages.length > 0) wrong.add(option.key);
    if (unreadable && !given.has(option.key)) continue;
    problems.push(...result.messages.map((message) => ({ where: where(option.key), message })));
  }

  const report = (key: string, message: string) => problems.push({ where: where(key), message });
  // Each value has passed its own option's schema or is that option's default, so together they are the output.
  const mistakes = set.rules(values as z.output<Schema>, write, (key) => given.has(key));
  for (const { key, message, others = [], withoutEffectBecauseOf: because } of mistakes) {
    if ([key, because, ...others].some((name) => name !== undefined && wrong.has(name))) continue;
    // It may stand in the file that could not be read.
    if (unreadable && !given.has(key)) continue;
    if (because !== undefined && layerOf(given, key) < layerOf(given, because)) {
      values[key] = options.find((option) => option.key === key)?.default;
      notes.push(`${where(key)} has no effect with ${where(because)} ${formatValue(values[because])}.`);
    } else {
      report(key, message);
    }
  }

  for (const [key, check] of Object.entries(set.paths)) {
    if (wrong.has(key) || problems.some((problem) => problem.where === where(key))) continue;
    const paths = [values[key]].flat().filter((path) => typeof path === "string");
    const message = paths.map(check).find((found) => found !== null);
    if (message !== undefined) report(key, message);
  }

  if (problems.length > 0) throw new ConfigError(problems);
  return { config: set.complete(values as z.output<Schema>), notes };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The options of an object in TypeScript, as a layer. Undefined means that the option was left out. */
export function objectLayer(input: object, options: readonly OptionDescription[]): Layer {
  const known = new Set(options.map((option) => option.key));
  const entries = new Map<string, Entry>();
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(input)) {
    if (!known.has(key)) {
      problems.push({ where: key, message: unknownOption(key, options, (name) => name) });
    } else if (value !== undefined) {
      entries.set(key, { value, where: key });
    }
  }
  return { entries, problems };
}

interface Given {
  readonly entry: Entry;
  /** Number of the layer it comes from; -1 stands for the defaults. */
  readonly layer: number;
}

function mergeLayers(alternatives: OptionSet["alternatives"], layers: readonly Layer[]): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [number, layer] of layers.entries()) {
    for (const [one, other] of alternatives) {
      if (layer.entries.has(one)) given.delete(other);
      if (layer.entries.has(other)) given.delete(one);
    }
    for (const [key, entry] of layer.entries) given.set(key, { entry, layer: number });
  }
  return given;
}

function layerOf(given: ReadonlyMap<string, Given>, key: string): number {
  return given.get(key)?.layer ?? -1;
}

/** The checked value, or what is wrong and a stand-in for the rules to look at. */
function checkValue(
  schema: z.ZodObject,
  option: OptionDescription,
  value: unknown,
  write: NameWriter,
): { value: unknown; messages: string[] } {
  const result = z.safeParse(schema.shape[option.key]!, value);
  if (result.success) return { value: result.data, messages: [] };
  const messages =
    value === undefined
      ? [`is missing. ${option.description}`]
      : result.error.issues.map((issue) => issueMessage(innermostIssue(issue), option, value, write));
  // Several limits that fail say the same thing about one value.
  return { value: option.default ?? "", messages: [...new Set(messages)] };
}

/** Of alternatives of which one has the kind of the value, the issue within that one. */
function innermostIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const isKind = (issues: z.core.$ZodIssue[]) =>
    !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0);
  // Of two kinds of objects, the one that has the names which were found.
  const hasNames = (issues: z.core.$ZodIssue[]) =>
    !issues.some(({ code }) => code === "unrecognized_keys" || code === "invalid_key");
  const kinds = issue.errors.filter(isKind);
  const fitting = kinds.length > 1 ? kinds.find(hasNames) : kinds[0];
  const [inner] = fitting ?? [];
  return inner === undefined ? issue : innermostIssue({ ...inner, path: [...issue.path, ...inner.path] });
}

function issueMessage(
  issue: z.core.$ZodIssue,
  option: OptionDescription,
  value: unknown,
  write: NameWriter,
): string {
  if (issue.code === "unrecognized_keys") {
    const listFields = (keys: readonly string[]) =>
      listWords(
        keys.map((key) => write(key, "field")),
        "and",
      );
    const holder = issue.path.findLast((part) => typeof part === "string");
    if (holder !== undefined)
      return `found the unknown ${listFields(issue.keys)} in ${write(String(holder), "field")}. Remove it.`;
    const near = closest(issue.keys[0] ?? "", option.fields.keys());
    const hint = near === null ? "" : ` Did you mean ${write(near, "field")}?`;
    return `found the unknown ${listFields(issue.keys)}.${hint} Known are ${listFields([...option.fields.keys()])}.`;
  }
  const field = String(issue.path.at(-1));
  if (option.fields.has(field)) {
    const found = formatValue(valueAt(value, issue.path));
    return `found ${write(field, "field")} ${found}, but needs ${option.fields.get(field)}. ${option.description}`;
  }
  const word = valueAt(value, issue.path);
  const suggestion = typeof word === "string" ? closest(word, option.choices) : null;
  const hint = suggestion === null ? "" : ` Did you mean ${suggestion}?`;
  const unquoted = option.kinds.has("text") && (typeof value === "number" || typeof value === "boolean");
  const quotes = unquoted ? " Write texts in quotes where they could be numbers, true or false." : "";
  const fallback = option.required ? "" : ` Default: ${formatDefault(option.default)}.`;
  return `found ${formatValue(value)}, but needs ${option.expected}.${hint}${quotes} ${option.description}${fallback}`;
}
