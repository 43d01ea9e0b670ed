import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cutLinesAfter } from "../../src/training/cut-lines.js";

const folder = mkdtempSync(join(tmpdir(), "otr-cut-"));
afterAll(() => rmSync(folder, { recursive: true }));

function cut(text: string, step: number, isPending = false): string {
  const path = join(folder, "lines.jsonl");
  writeFileSync(path, text);
  cutLinesAfter(path, { step, evaluation_pending: isPending });
  return readFileSync(path, "utf8");
}

const line = (step: number, more: object = {}) => `${JSON.stringify({ step, ...more })}\n`;

describe("cutLinesAfter", () => {
  it("keeps the lines up to a step, several of one step too", () => {
    const kept = line(1) + line(2) + line(2, { eval_loss: 3 });
    expect(cut(kept + line(3) + line(4), 2)).toBe(kept);
    expect(cut(kept, 2)).toBe(kept);
    expect(cut(kept, 0)).toBe("");
    expect(cut("", 5)).toBe("");
  });

  it.each([
    ["torn in the middle", '{"step": 2, "lo'],
    ["whole but for its end", '{"step": 2}'],
    ["of a run that was stopped", line(2, { interrupted: true })],
    ["of a run that stopped early", line(2, { stopped_early: true })],
    ["no JSON", "oops\n"],
    ["no object", "5\n"],
    ["without a step", '{"loss": 1}\n'],
    ["of zeros, as a file system may leave it", "\0\0\0\0"],
  ])("cuts a last line that is %s", (_, last) => {
    expect(cut(line(1) + last, 2)).toBe(line(1));
  });

  it.each([
    ["an evaluation", { eval_loss: 3 }],
    ["samples that failed", { alert: "samples_failed" }],
    ["a sample", { prompt: "a", text: "b" }],
    ["a trace", { set: "eval", row: 0 }],
  ])(
    "cuts %s of the last step where that is still to be made, and not what the step itself told",
    (_, more) => {
      const kept = line(1, more) + line(2, { loss: 5 }) + line(2, { alert: "gradient_spike" });
      expect(cut(kept + line(2, more), 2, true)).toBe(kept);
      expect(cut(kept + line(2, more), 2)).toBe(kept + line(2, more));
    },
  );

  it("reads lines that are longer than what is read at once, and characters across that border", () => {
    const long = line(1, { text: "ä".repeat(100_000) });
    expect(cut(long + long + line(2) + line(3), 2)).toBe(long + long + line(2));
    expect(cut(long + long.slice(0, -10), 2)).toBe(long);
  });

  it("does nothing where there is no file", () => {
    expect(() =>
      cutLinesAfter(join(folder, "none.jsonl"), { step: 3, evaluation_pending: true }),
    ).not.toThrow();
  });
});
