/** @file Takes files of lines back to a step that training goes on from. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync } from "node:fs";

const BLOCK = 2 ** 16;
const NEWLINE = 0x0a;

/**
 * Cuts a file of JSON lines before the first that is of a later step, that a run which was stopped has added, or that is
 * torn: a line that was being written when the process ended. Nothing happens where there is no file.
 *
 * @param step optimizer steps done
 */
export function cutLinesAfter(path: string, step: number): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    ftruncateSync(descriptor, endOfSteps(descriptor, step));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The offset behind the last line that stays. */
function endOfSteps(descriptor: number, step: number): number {
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
      if (!stays(Buffer.concat(line), step)) return kept;
      line = [];
      start = end + 1;
      kept = offset + start;
    }
    offset += count;
  }
}

function stays(line: Buffer, step: number): boolean {
  try {
    const content: unknown = JSON.parse(line.toString("utf8"));
    if (typeof content !== "object" || content === null || "interrupted" in content) return false;
    return "step" in content && typeof content.step === "number" && content.step <= step;
  } catch {
    return false;
  }
}
