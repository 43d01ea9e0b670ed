/** @file Where rows stand in their files, for messages. */
import type { DatasetFile } from "./load-dataset.js";

/** `rows 5 and 7 of a.jsonl, row 3 of b.csv`, counted from 1, from the ids of rows. */
export function describePlaces(files: readonly DatasetFile[], ids: readonly number[]): string {
  let firstId = 0;
  const parts: string[] = [];
  for (const { path, rows } of files) {
    const end = firstId + rows;
    const numbers = ids.filter((id) => id >= firstId && id < end).map((id) => id - firstId + 1);
    if (numbers.length > 0)
      parts.push(`${numbers.length === 1 ? "row" : "rows"} ${numbers.join(", ")} of ${path}`);
    firstId = end;
  }
  return parts.join("; ");
}
