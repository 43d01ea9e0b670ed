/** @file Where rows stand in their files, for messages. */
import type { DatasetFile } from "./load-dataset.js";

/** More rows of a file than these are only counted. */
const MOST_NAMED = 40;

/** `rows 5, 7 of a.jsonl; row 3 of b.csv`, counted from 1, from the ids of rows. */
export function describePlaces(files: readonly DatasetFile[], ids: readonly number[]): string {
  let firstId = 0;
  const parts: string[] = [];
  for (const { path, rows } of files) {
    const end = firstId + rows;
    const numbers = ids.filter((id) => id >= firstId && id < end).map((id) => id - firstId + 1);
    if (numbers.length > 0) {
      const named = numbers.slice(0, MOST_NAMED).join(", ");
      const others = numbers.length > MOST_NAMED ? ` and ${numbers.length - MOST_NAMED} more` : "";
      parts.push(`${numbers.length === 1 ? "row" : "rows"} ${named}${others} of ${path}`);
    }
    firstId = end;
  }
  return parts.join("; ");
}
