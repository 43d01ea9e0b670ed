/** @file Takes files of lines back to a step that training goes on from. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync } from "node:fs";
import type { TrainerState } from "./checkpoints/trainer-state.js";
import type { Alert } from "./events.js";

/** Where training goes on. */
export type LastStep = Pick<TrainerState, "step" | "evaluation_pending">;

const BLOCK = 2 ** 16;
const NEWLINE = 0x0a;

/**
 * Cuts a file of JSON lines before the first that is of a later step, that a run which was stopped has added, or that is
 * torn: a line that was being written when the process ended. Where the evaluation after the last step is still to be made,
 * what a process had written of it before it was killed goes too. Nothing happens where there is no file.
 */
export function cutLinesAfter(path: string, end: LastStep): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    ftruncateSync(descriptor, endOfSteps(descriptor, end));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The offset behind the last line that stays. */
function endOfSteps(descriptor: number, last: LastStep): number {
  const block = Buffer.alloc(BLOCK);
  let line: Buffer[] = [];
  let kept = 0;
  for (let offset = 0; ; ) {
    const count = readSync(descriptor, block, 0, BLOCK, offset);
    if (count === 0) return kept;
    let start = 0;
    for (;;) {
      const end = block.subarray(0, count).indexOf(NEWLINE, start);
      line.push(Buffer.from(block.subarray(start, end < 0 ? count : end)));
      if (end < 0) break;
      if (!stays(Buffer.concat(line), last)) return kept;
      line = [];
      start = end + 1;
      kept = offset + start;
    }
    offset += count;
  }
}

function stays(line: Buffer, { step, evaluation_pending: isPending }: LastStep): boolean {
  try {
    const content: unknown = JSON.parse(line.toString("utf8"));
    if (typeof content !== "object" || content === null) return false;
    if ("interrupted" in content || "stopped_early" in content) return false;
    if (!("step" in content) || typeof content.step !== "number") return false;
    return content.step < step || (content.step === step && !(isPending && isOfEvaluation(content)));
  } catch {
    return false;
  }
}

const EVALUATION_ALERTS: readonly Alert["alert"][] = ["samples_failed", "traces_failed"];

/** Evaluations, samples and traces; not what is told of a step itself: its numbers, and alerts that they gave. */
function isOfEvaluation(line: object): boolean {
  return "alert" in line ? EVALUATION_ALERTS.some((name) => name === line.alert) : !("loss" in line);
}
