/** @file Patterns that are taken for quick are: random ones, in processes that can be ended. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../data/fuzz-patterns.js", import.meta.url));

it.each([1, 2, 3])("takes no pattern that is slow, seed %i", { timeout: 150_000 }, async (seed) => {
  const limits = { timeout: 120_000, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(seed), "150"], limits);
  const { taken, slowest } = JSON.parse(stdout);
  expect(taken).toBe(150);
  // Of 80,000 characters, where the square of them would be 1.6 thousand millions.
  expect(slowest.milliseconds, slowest.pattern).toBeLessThan(20_000);
});
