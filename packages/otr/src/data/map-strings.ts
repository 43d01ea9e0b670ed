/** @file Changes the strings inside a JSON value. */
import { DataError } from "../errors.js";

/** Values nested more deeply than this are no data of messages, and would exhaust the stack of a template. */
const DEEPEST = 200;

/**
 * The value with `change` made to each string in it, keys of objects included. What does not change is not copied: the
 * result is the value itself where nothing did.
 * @throws {DataError} `CHAT_TEMPLATE_INPUT` for a value nested more than 200 levels deep
 */
export function mapStrings<T>(value: T, change: (text: string) => string): T {
  // The shape stays: objects map to objects, lists to lists, strings to strings.
  return mapped(value, change, 0) as T;
}

function mapped(value: unknown, change: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) {
    throw new DataError(
      "CHAT_TEMPLATE_INPUT",
      `holds lists or objects nested more than ${DEEPEST} levels deep, which no chat template reads; flatten it`,
    );
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => mapped(item, change, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value);
  const changed = entries.map(([key, item]) => [change(key), mapped(item, change, depth + 1)] as const);
  const isSame = changed.every(
    ([key, item], index) => key === entries[index]![0] && item === entries[index]![1],
  );
  return isSame ? value : Object.fromEntries(changed);
}
