import { describe, expect, it } from "vitest";
import { formatDuration, ProgressBar } from "../../src/cli/progress-bar.js";

class Screen {
  written: string[] = [];
  constructor(readonly columns?: number) {}
  write(text: string): void {
    this.written.push(text);
  }
  /** The line that stands there now, without control codes. */
  get line(): string {
    return this.written.at(-1)!.replaceAll("\r", "").replaceAll("\u001b[K", "");
  }
}

describe("ProgressBar", () => {
  it("shows share, count, details and time left", () => {
    const screen = new Screen();
    let now = 0;
    const bar = new ProgressBar(screen, { total: 8, label: "sft", now: () => now });
    now = 10_000;
    bar.update(2, "loss 1.5");
    expect(screen.line).toMatch(/^sft {2}25% \[=+ +\] 2\/8 {2}loss 1\.5 {2}0:30 left$/);
    bar.update(8, "loss 1.5");
    expect(screen.line).toMatch(/^sft 100% \[=+\] 8\/8 {2}loss 1\.5$/);
  });

  it("stays within the terminal and 80 columns", () => {
    for (const columns of [10, 40, 80, 200]) {
      const screen = new Screen(columns);
      const bar = new ProgressBar(screen, { total: 10 });
      bar.update(10, "x".repeat(100));
      expect(screen.line.length).toBeLessThan(Math.min(80, columns));
    }
  });

  it("draws at most ten times a second, and always at the end", () => {
    const screen = new Screen();
    let now = 0;
    const bar = new ProgressBar(screen, { total: 1000, now: () => now });
    for (let step = 1; step <= 1000; step++) {
      now = step;
      bar.update(step);
    }
    expect(screen.written.length).toBeLessThanOrEqual(12);
    expect(screen.line).toContain("1000/1000");
  });

  it("leaves nothing when it is cleared", () => {
    const screen = new Screen();
    const bar = new ProgressBar(screen, { total: 2 });
    bar.clear();
    expect(screen.written).toEqual([]);
    bar.update(1);
    bar.clear();
    expect(screen.line).toBe("");
  });
});

it.each([
  [0, "0:00"],
  [7_400, "0:07"],
  [750_000, "12:30"],
  [3_723_000, "1:02:03"],
])("formats %i ms as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
