import type { ProfileCategory, ProfileEvent } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { type ProfiledStep, summarizeProfile } from "../../src/training/profile-summary.js";

const event = (
  category: ProfileCategory,
  name: string,
  start: number,
  end: number,
  thread = 1,
): ProfileEvent => ({ category, name, thread, start, end });

const stepOf = (events: readonly ProfileEvent[], start = 0, end = 1000, dropped = 0): ProfiledStep => ({
  step: 2,
  start,
  end,
  profile: { events, dropped, thread: 1 },
});

const step = stepOf([
  event("span", "forward", 100, 500),
  event("bridge", "linear", 120, 400),
  event("operator", "linear", 150, 380),
  event("operator", "mm", 200, 350),
  event("span", "backward", 600, 950),
  event("operator", "engine", 610, 900),
  event("backward", "MmBackward", 620, 800),
  event("operator", "mm", 650, 750),
  event("operator", "mm", 880, 940, 2),
]);

describe("summarizeProfile", () => {
  it("takes as outside what no operator covers, in any thread", () => {
    const summary = summarizeProfile([step]);
    // Inside: 150 to 380, and 610 to 940 of two threads that overlap.
    expect(summary.outsideShare).toBeCloseTo((1000 - 230 - 330) / 1000, 12);
    expect(summary.bridgeShare).toBeCloseTo((280 - 230) / 1000, 12);
    expect(summary.stepTime).toBeCloseTo(1e-6, 15);
  });

  it("splits the step, and what is outside, by phases that add up to it", () => {
    const { phases, outsideShare } = summarizeProfile([step]);
    expect(phases).toEqual([
      { name: "forward", share: 0.4, outsideShare: expect.closeTo(0.17, 12) },
      { name: "backward", share: 0.35, outsideShare: expect.closeTo(0.02, 12) },
      { name: "other", share: 0.25, outsideShare: expect.closeTo(0.25, 12) },
    ]);
    expect(phases.reduce((sum, phase) => sum + phase.share, 0)).toBeCloseTo(1, 12);
    expect(phases.reduce((sum, phase) => sum + phase.outsideShare, 0)).toBeCloseTo(outsideShare, 12);
  });

  it("counts an operator's own time, without that of what it calls", () => {
    const { operators } = summarizeProfile([step]);
    expect(operators).toEqual([
      { name: "mm", calls: 3, share: expect.closeTo(0.31, 12) },
      { name: "engine", calls: 1, share: expect.closeTo(0.11, 12) },
      { name: "linear", calls: 1, share: expect.closeTo(0.08, 12) },
      { name: "MmBackward", calls: 1, share: expect.closeTo(0.08, 12) },
    ]);
  });

  it("shows the ten operators that take most, and means over steps", () => {
    const events = Array.from({ length: 12 }, (_, at) => event("operator", `op${at}`, at * 10, at * 10 + at));
    const { operators, stepTime, dropped } = summarizeProfile([
      stepOf(events, 0, 1000, 3),
      stepOf([], 2000, 5000, 4),
    ]);
    expect(operators.map(({ name }) => name)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((at) => `op${at}`),
    );
    expect(operators[0]).toEqual({ name: "op11", calls: 0.5, share: 11 / 4000 });
    expect(stepTime).toBeCloseTo(2e-6, 15);
    expect(dropped).toBe(7);
  });

  it("leaves a span inside of another to that one", () => {
    const spans = [event("span", "outer", 0, 600), event("span", "inner", 100, 200)];
    expect(summarizeProfile([stepOf(spans)]).phases.map(({ name }) => name)).toEqual(["outer", "other"]);
  });
});
