import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tokensPerSecond } from "../../src/experiments/training-cost.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-cost-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (steps: readonly (readonly [seconds: number, tokens: number])[]) => {
  let sum = 0;
  const lines = steps.map(([step_time, tokens], at) => {
    sum += tokens;
    return JSON.stringify({ step: at + 1, epoch: 0, time: at, step_time, num_tokens: sum });
  });
  writeFileSync(join(folder, "metrics.jsonl"), `${lines.join("\n")}\n`);
};

it("knows the speed of rows of all lengths, not that of the median step", () => {
  // Behind two slow steps at the start: three short ones, and a long one that takes as long as ten of them.
  write([
    [9, 10],
    [9, 10],
    [1, 10],
    [1, 10],
    [1, 10],
    [10, 100],
  ]);
  expect(tokensPerSecond(folder)).toBeCloseTo(10, 10);
});

it("says where there is nothing to go by", () => {
  write([[1, 10]]);
  expect(() => tokensPerSecond(folder)).toThrow(/has no timed steps/);
});
