/** @file Which objectives have learned something. */
import { isOfTheseRuns } from "./judge-differences.js";
import type { ReportedCell } from "./report.js";

/** The objectives of a cell that raised a score in or out of domain above the base model's by more than chance. */
export function learnedObjectives({ tasks }: ReportedCell): ReadonlySet<string> {
  const rises = tasks
    .filter(({ role }) => role !== "forgetting")
    .flatMap(({ changes }) => changes)
    .filter((change) => change.difference > 0 && (change.shown || isOfTheseRuns(change)));
  return new Set(rises.map(({ second }) => second));
}
