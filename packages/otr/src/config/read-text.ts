/** @file Turns the text of a flag or of a quoted file value into the kind of value that an option takes. */
import type { OptionDescription } from "./describe-options.js";
import { optionKey } from "./option-name.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The value that `text` stands for: `"1e-3"` is a number only where the option takes numbers, `"true"` a
 * boolean only where it takes booleans. Text that fits nothing is returned as it is, for the schema to refuse.
 */
export function readText(text: string, { kinds, choices, fields }: OptionDescription): unknown {
  if (choices.includes(text)) return text;
  const word = text.toLowerCase();
  if (kinds.has("boolean") && (word === "true" || word === "false")) return word === "true";
  if (kinds.has("null") && (word === "null" || word === "none")) return null;
  if ((kinds.has("number") || kinds.has("integer")) && NUMBER.test(text)) return Number(text);
  if (kinds.has("object")) return readObject(text, { fields, mayBeText: kinds.has("text") });
  return text;
}

/** The first name that `name=value,name=value` gives twice for an object option; null where there is none. */
export function repeatedField(text: string, { kinds }: OptionDescription): string | null {
  if (!kinds.has("object") || text.trimStart().startsWith("{")) return null;
  const names = fieldPairs(text)?.map(([name]) => name) ?? [];
  return names.find((name, index) => names.indexOf(name) < index) ?? null;
}

/** The names and values of `name=value,name=value`; null for other texts. */
function fieldPairs(text: string): (readonly [name: string, value: string])[] | null {
  const pairs = text.split(",").map((pair) => /^([\w-]+)=(.*)$/s.exec(pair));
  return pairs.every((pair) => pair !== null)
    ? pairs.map(([, name, value]) => [optionKey(name!), value!])
    : null;
}

/** The items of a list that `text` stands for: one, or several with commas between them where no item can hold one. */
export function readItems(text: string, { hasCommas, listsNumbers }: OptionDescription): (string | number)[] {
  if (!hasCommas && !listsNumbers) return [text];
  const items = text.split(",").map((item) => item.trim());
  return listsNumbers ? items.map((item) => (NUMBER.test(item) ? Number(item) : item)) : items;
}

/** Renames the fields of an object option to their TypeScript names; whatever else it has stays as it is. */
export function renameFields(value: unknown, fields: OptionDescription["fields"]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keyOf = (name: string) => (fields.has(optionKey(name)) ? optionKey(name) : name);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [keyOf(name), field]));
}

/**
 * An object written as JSON or as `name=value,name=value`. Where a text may stand too, such as a path, it is an object if the
 * first name is one of the option's fields.
 */
function readObject(
  text: string,
  { fields, mayBeText }: Pick<OptionDescription, "fields"> & { readonly mayBeText: boolean },
): unknown {
  try {
    if (text.trimStart().startsWith("{")) return renameFields(JSON.parse(text), fields);
  } catch {
    return text;
  }
  const pairs = fieldPairs(text);
  if (pairs === null || (mayBeText && !fields.has(pairs[0]![0]))) return text;
  return Object.fromEntries(pairs.map(([name, value]) => [name, NUMBER.test(value) ? Number(value) : value]));
}
