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

/** The items of a list that `text` stands for: one, or several with commas between them where only fixed words may stand. */
export function readItems(text: string, { choices }: OptionDescription): string[] {
  return choices.length > 0 ? text.split(",").map((item) => item.trim()) : [text];
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
  const pairs = text.split(",").map((pair) => /^([\w-]+)=(.*)$/s.exec(pair));
  if (pairs.some((pair) => pair === null)) return text;
  if (mayBeText && !fields.has(optionKey(pairs[0]![1]!))) return text;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = "", value = ""] = pair!;
      return [optionKey(name), NUMBER.test(value) ? Number(value) : value];
    }),
  );
}
