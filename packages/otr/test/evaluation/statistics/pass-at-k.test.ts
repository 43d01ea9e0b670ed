import { describe, expect, it } from "vitest";
import { passAtK } from "../../../src/evaluation/statistics/pass-at-k.js";
import { expectNear } from "./references.js";

/** The share of all choices of k samples that hold a right one. */
function enumerated(samples: number, correct: number, k: number): number {
  let [all, some] = [0, 0];
  for (let chosen = 0; chosen < 2 ** samples; chosen++) {
    const bits = Array.from({ length: samples }, (_, bit) => (chosen >> bit) & 1);
    if (bits.reduce((sum, bit) => sum + bit, 0) !== k) continue;
    all++;
    if (bits.slice(0, correct).includes(1)) some++;
  }
  return some / all;
}

describe("passAtK", () => {
  it("is the share of all choices of k samples that hold a right one", () => {
    for (let samples = 1; samples <= 7; samples++) {
      for (let correct = 0; correct <= samples; correct++) {
        for (let k = 1; k <= samples; k++) {
          expectNear(passAtK(samples, correct, k), enumerated(samples, correct, k), 1e-12);
        }
      }
    }
  });

  it.each([
    [4, 5, 1],
    [4, 1, 5],
    [4, 1, 0],
    [4, -1, 1],
    [4, 1.5, 1],
  ])("refuses %d samples, %d right, k = %d", (samples, correct, k) => {
    expect(() => passAtK(samples, correct, k)).toThrow(
      expect.objectContaining({ code: "STATISTICS_COUNTS" }),
    );
  });
});
