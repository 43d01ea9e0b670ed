/** @file Says what is wrong with the fields of a JSON file. */
import type { z } from "zod";
import { expectedOf } from "../config/describe-options.js";
import { formatValue } from "../config/format-value.js";

/** One sentence for each field of `value` that `schema` refuses; for the whole where it is no object. */
export function wrongFields(schema: z.ZodObject, value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const found = Array.isArray(value) ? "a list" : formatValue(value);
    return [`holds ${found}, but must hold a JSON object`];
  }
  const issues = schema.safeParse(value).error?.issues ?? [];
  // A list of many wrong elements is one mistake.
  const seen = new Set<PropertyKey>();
  const first = issues.filter(
    ({ path: [name] }) => name === undefined || (!seen.has(name) && seen.add(name)),
  );
  const sentences = first.map(({ path, message }) => {
    if (path.length === 0) return message;
    const name = String(path[0]);
    const expected = expectedOf(schema.shape[name]!);
    const found = (value as Record<string, unknown>)[name];
    if (found === undefined) return `${name} is missing; it must be ${expected}`;
    return `${name} is ${formatValue(found)}, but must be ${expected}`;
  });
  return [...new Set(sentences)];
}
