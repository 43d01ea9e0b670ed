import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pooledStandardError } from "../../../src/evaluation/statistics/pooled-standard-error.js";
import { standardError } from "../../../src/evaluation/statistics/standard-error.js";
import { hasShared, shared } from "../../shared.js";
import { expectNear } from "./references.js";

describe("pooledStandardError", () => {
  it("is the task's own for one task", () => {
    expectNear(pooledStandardError([{ size: 9, standardError: 0.2 }]), 0.2);
  });

  it("is near that of all items together where the tasks have one mean", () => {
    const [a, b] = [
      [1, 0, 1, 0, 1, 1, 0, 0],
      [0, 1, 1, 0],
    ];
    const pooled = pooledStandardError(
      [a!, b!].map((x) => ({ size: x.length, standardError: standardError(x)! })),
    );
    expect(pooled).toBeCloseTo(standardError([...a!, ...b!])!, 1);
  });

  it.skipIf(!hasShared)("is the harness's for the group mmlu_pro", () => {
    const { results } = JSON.parse(readFileSync(shared("reference/harness/mmlu_pro.json"), "utf8")).results;
    const sizes: Record<string, { effective: number }> = JSON.parse(
      readFileSync(shared("reference/harness/mmlu_pro.json"), "utf8"),
    ).results["n-samples"];
    const key = "exact_match_stderr,custom-extract";
    const subtasks = Object.entries(sizes).map(([task, { effective }]) => ({
      size: effective,
      standardError: Number(results[task][key]),
    }));
    expect(subtasks.length).toBeGreaterThan(2);
    expectNear(pooledStandardError(subtasks), results.mmlu_pro[key]);
  });

  it("refuses a task of one item, and none", () => {
    const refused = expect.objectContaining({ code: "STATISTICS_COUNTS" });
    expect(() => pooledStandardError([{ size: 1, standardError: 0 }])).toThrow(refused);
    expect(() => pooledStandardError([])).toThrow(refused);
  });
});
