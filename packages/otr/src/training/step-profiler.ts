import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProfiler, stopProfiler } from "@one-token/torch";
import { chromeTrace } from "./chrome-trace.js";
import { describeProfile } from "./describe-profile.js";
import { PROFILE } from "./run-files.js";
import { type ProfiledStep, summarizeProfile } from "./profile-summary.js";

/** Steps that are profiled; the first of a run is not one of them, because it also warms up. */
const PROFILED_STEPS = 3;
/** Of one step; a file of three such steps is some 40 MB. */
const EVENTS_OF_STEP = 100_000;

/** Profiles a few steps of a run into `profile.json`. */
export class StepProfiler {
  readonly #path: string;
  readonly #first: number;
  readonly #base = process.hrtime.bigint();
  readonly #steps: ProfiledStep[] = [];
  #running: { step: number; start: number } | null = null;

  constructor(outputDir: string, totalSteps: number) {
    this.#path = join(outputDir, PROFILE);
    this.#first = Math.min(1, totalSteps - 1);
  }

  /** @param step counted from 0 */
  beginStep(step: number): void {
    if (step < this.#first || step >= this.#first + PROFILED_STEPS) return;
    startProfiler({ limit: EVENTS_OF_STEP, base: this.#base });
    this.#running = { step: step + 1, start: this.#now() };
  }

  /** Ends the step that {@link beginStep} began; does nothing where none is profiled. */
  endStep(): void {
    if (this.#running === null) return;
    const { step, start } = this.#running;
    this.#running = null;
    const end = this.#now();
    this.#steps.push({ step, start, end, profile: stopProfiler() });
  }

  /** Writes the file. Returns sentences for the end of the run. */
  write(): string[] {
    if (this.#steps.length === 0) return ["No step was profiled."];
    const summary = summarizeProfile(this.#steps);
    writeFileSync(this.#path, chromeTrace(this.#steps, summary));
    const lines = describeProfile(summary, this.#path);
    return this.#first > 0 ? lines : [...lines, "This was the run's first step, which also warms up."];
  }

  #now(): number {
    return Number(process.hrtime.bigint() - this.#base);
  }
}
