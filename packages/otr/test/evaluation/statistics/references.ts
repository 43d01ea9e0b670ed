/** @file What scipy says; `peers/statistics.py` wrote it. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";

interface References {
  t: { p: number; freedom: number; t: number }[];
  tTail: { t: number; freedom: number; p: number }[];
  normal: { p: number; x: number }[];
  normalTail: { x: number; p: number }[];
  intervals: { values: number[]; mean: number; standardError: number; low: number; high: number }[];
  wilson: { successes: number; trials: number; low: number; high: number }[];
  mcnemar: { onlyFirst: number; onlySecond: number; pValue: number }[];
  paired: {
    first: number[];
    second: number[];
    difference: number;
    standardError: number;
    correlation: number;
    bootstrap: [number, number];
  };
}

export const references: References = JSON.parse(
  readFileSync(new URL("../../references/statistics.json", import.meta.url), "utf8"),
);

/** Within a part of the wanted number, or 1e-14 of zero. */
export function expectNear(found: number, wanted: number, relative = 1e-9): void {
  const difference = Math.abs(found - wanted);
  const bound = Math.max(Math.abs(wanted) * relative, 1e-14);
  expect(difference, `${found} instead of ${wanted}`).toBeLessThanOrEqual(bound);
}
