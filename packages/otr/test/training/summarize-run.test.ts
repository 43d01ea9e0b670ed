import { expect, it } from "vitest";
import { emptySums } from "../../src/training/sum-statistics.js";
import { summarizeRun } from "../../src/training/summarize-run.js";

const sums = (hitRate: number) => ({ ...emptySums(), count: 1500, otr_hit_rate: 1500 * hitRate });

it("says what was trained, and nothing more of a run without trouble", () => {
  expect(summarizeRun({ lossType: "otr" }, { saveDtype: "auto" }, sums(0.5), 1, "bfloat16")).toEqual([
    "1 step, 1,500 supervised tokens.",
  ]);
});

it("gives the remedy for targets that are hardly ever sampled, where tokens are sampled", () => {
  const lines = summarizeRun({ lossType: "otr" }, { saveDtype: "auto" }, sums(0.1), 2, "float32");
  expect(lines[1]).toMatch(/Only 10.0 % .* --nll_coef 0.1/);
  expect(summarizeRun({ lossType: "nll" }, { saveDtype: "auto" }, sums(0), 2, "float32")).toHaveLength(1);
});

it("says when the weights did not fit the dtype asked for", () => {
  const lines = summarizeRun({ lossType: "nll" }, { saveDtype: "float16" }, sums(0), 2, "float32");
  expect(lines[1]).toBe("The weights were saved in float32, because some are too large for float16.");
});
