import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ones, recordFunction, scope, startProfiler, stopProfiler } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StepProfiler } from "../../src/training/step-profiler.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-profile-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runSteps(totalSteps: number): StepProfiler {
  const profiler = new StepProfiler(folder, totalSteps);
  for (let step = 0; step < totalSteps; step++) {
    profiler.beginStep(step);
    recordFunction("forward", () => scope(() => ones([100]).exp()));
    profiler.endStep();
  }
  return profiler;
}

interface TraceEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly tid: number;
}

function readTrace() {
  const trace = JSON.parse(readFileSync(join(folder, "profile.json"), "utf8"));
  const events: TraceEvent[] = trace.traceEvents;
  return { trace, events: events.filter(({ ph }) => ph === "X") };
}

describe("StepProfiler", () => {
  it("profiles three steps after the first", () => {
    runSteps(10).write();
    const { events, trace } = readTrace();
    expect(events.filter(({ cat }) => cat === "step").map(({ name }) => name)).toEqual([
      "step 2",
      "step 3",
      "step 4",
    ]);
    expect(trace.displayTimeUnit).toBe("ms");
    expect(trace.otherData.phases.map(({ name }: { name: string }) => name)).toEqual(["forward", "other"]);
  });

  it("profiles the only step of a run that has no other, and says so", () => {
    expect(runSteps(2).write().join("\n")).not.toContain("first step");
    expect(runSteps(1).write().at(-1)).toContain("first step, which also warms up");
    expect(
      readTrace()
        .events.filter(({ cat }) => cat === "step")
        .map(({ name }) => name),
    ).toEqual(["step 1"]);
  });

  it("writes events that nest within their step", () => {
    runSteps(3).write();
    const { events } = readTrace();
    const steps = events.filter(({ cat }) => cat === "step");
    for (const { ts, dur } of events) {
      expect(steps.some((step) => step.ts <= ts && ts + dur <= step.ts + step.dur)).toBe(true);
    }
    expect(events.some(({ name, cat }) => name === "aten::exp" && cat === "operator")).toBe(true);
  });

  it("says where the time of a step goes, and where the file is", () => {
    const [first, phases, operators] = runSteps(4).write();
    expect(first).toMatch(/profile\.json.* s a step, of which [\d.]+ % outside of libtorch/);
    expect(phases).toContain("forward");
    expect(operators).toContain("aten::exp");
  });

  it("leaves no profiler running when a step is cut short", () => {
    const profiler = new StepProfiler(folder, 2);
    profiler.beginStep(1);
    profiler.endStep();
    profiler.endStep();
    startProfiler();
    stopProfiler();
    expect(new StepProfiler(folder, 2).write()).toEqual(["No step was profiled."]);
  });
});
