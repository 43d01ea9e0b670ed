import { expect, it } from "vitest";
import { CountedPrograms } from "../../src/evaluation/counted-programs.js";
import type { ProgramResult, Sandbox } from "../../src/evaluation/sandbox/open-sandbox.js";

const result = { passed: false, reason: "failed", attempts: 1, stderrTail: "", seconds: 0 } as const;
const RESULTS: Readonly<Record<string, ProgramResult>> = {
  wrong: result,
  right: { ...result, passed: true, reason: "passed" },
  late: { ...result, passed: true, reason: "passed", attempts: 2 },
  endless: { ...result, reason: "timed out", attempts: 2 },
};
const sandbox: Sandbox = {
  pythonVersion: "3",
  mode: "root",
  run: async (program) => RESULTS[program]!,
  requireModules: async () => {},
};

it("counts programs whose time was over", async () => {
  const programs = new CountedPrograms(sandbox);
  expect(programs.counts()).toBeNull();
  const passed: boolean[] = [];
  for (const name of Object.keys(RESULTS)) passed.push(await programs.runProgram(name));
  expect(passed).toEqual([false, true, true, false]);
  expect(programs.counts()).toEqual({ run: 4, tried_again: 2, timed_out: 1 });
});

it("runs nothing without a sandbox", async () => {
  await expect(new CountedPrograms(null).runProgram("right")).rejects.toThrowError(/unsafe_code: true/);
});
