/** @file A clock that jumps by days changes nothing that matters. */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countFaults } from "./count-faults.js";
import { type FaultProgram, makeFaultProgram, weightsOf } from "./fault-program.js";

/** Within one run; the clock jumps far more often. */
const JUMPS = 40;

let program: FaultProgram;
beforeAll(async () => {
  program = await makeFaultProgram();
});
afterAll(() => program.dispose());

it("a clock that jumps back and forth by days: weights, times and rates are as ever, and save_minutes counts true minutes", async ({
  task,
}) => {
  const { work } = program;
  const input = { maxSteps: JUMPS, loggingSteps: 1, saveMinutes: 30 } as const;
  expect(await program.start({ ...input, outputDir: work.path("straight") }).outcome).toMatchObject({
    status: 0,
  });
  const { status, output } = await program.start(
    { ...input, outputDir: work.path("out") },
    { LD_PRELOAD: program.library("clock-jumps") },
  ).outcome;
  expect(status, output).toBe(0);
  countFaults(task, JUMPS);
  expect(weightsOf(work.path("out")).equals(weightsOf(work.path("straight")))).toBe(true);
  expect(readdirSync(work.path("out")).filter((name) => name.startsWith("checkpoint"))).toEqual([]);
  const lines = work.readLines("out/metrics.jsonl");
  expect(lines).toHaveLength(JUMPS);
  const times = lines.map(({ time }) => Number(time));
  expect(Math.max(...times) - Math.min(...times), "the clock did jump").toBeGreaterThan(86_400);
  for (const { step_time, tokens_per_second } of lines) {
    expect(step_time).toBeGreaterThan(0);
    expect(step_time).toBeLessThan(30);
    expect(tokens_per_second).toBeGreaterThan(1);
  }
});
