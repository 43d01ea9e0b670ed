/** @file Whether `metrics.jsonl` still holds what a run had written when it saved the checkpoint that it goes on from. */
import { counted } from "../config/format-value.js";
import { readMetrics } from "./read-metrics.js";

/** What a checkpoint tells of the lines before it. */
interface ExpectedLines {
  /** Optimizer steps that were done. */
  readonly step: number;
  /** Lines about them; null: an earlier version did not count. */
  readonly lines: number | null;
}

/** What the file holds. */
export interface FoundLines {
  readonly lines: number;
  /** A sentence for the person on what is missing; null: nothing is. */
  readonly warning: string | null;
}

/**
 * Compares the file with what a checkpoint tells, behind which it has been cut.
 *
 * @param loggingSteps every how many steps a line is written: how far lines lie apart where none is missing
 * @throws {DataError} `METRICS_INVALID`
 */
export function findLostLines(path: string, expected: ExpectedLines, loggingSteps: number): FoundLines {
  const holes: string[] = [];
  let lines = 0;
  let last = 0;
  const reach = (step: number, farthest: number) => {
    if (step - last > farthest) holes.push(`${last} and ${step}`);
    last = step;
  };
  for (const { values } of readMetrics(path)) {
    lines += 1;
    reach(values.step, loggingSteps);
  }
  // What was measured since the last line is in the checkpoint.
  if (last < expected.step) reach(expected.step, loggingSteps - 1);
  const missing = (expected.lines ?? lines) - lines;
  if (missing <= 0) return { lines, warning: null };
  const where = holes.length === 0 ? "" : ` There is none between the steps ${holes.join(", ")}.`;
  const warning =
    `${path} has ${counted(missing, "line")} fewer than the run had written up to step ${expected.step}.${where} ` +
    "Training goes on without them; if you have a copy of the file, stop now, bring it back and resume again.";
  return { lines, warning };
}
