import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareSamples } from "../../src/evaluation/compare-samples.js";
import { comparePaired } from "../../src/evaluation/statistics/compare-paired.js";
import { mcnemar } from "../../src/evaluation/statistics/mcnemar.js";
import { harnessReference, hasShared } from "./harness-reference.js";

const folder = mkdtempSync(join(tmpdir(), "compare-samples-"));
let files = 0;
function written(samples: readonly object[]): string {
  const path = join(folder, `samples_${files++}.jsonl`);
  writeFileSync(path, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(""));
  return path;
}
const sample = (id: number, score: unknown, more: object = {}) => ({
  doc_id: id,
  doc_hash: `hash ${id}`,
  filter: "none",
  metrics: ["acc"],
  acc: score,
  ...more,
});
const FIRST = [1, 0, 1, 1, 0, 1, 0, 1, 1, 1];
const SECOND = [1, 1, 1, 0, 1, 1, 1, 1, 1, 0];
const of = (scores: readonly number[], more?: (id: number) => object) =>
  written(scores.map((score, id) => sample(id, score, more?.(id))));

describe("compareSamples", () => {
  it("pairs rows by their number, in whatever order", () => {
    const second = written(SECOND.map((score, id) => sample(id, score)).toReversed());
    expect(compareSamples(of(FIRST), second, { seed: 7 })).toEqual({
      ...{ metric: "acc", filter: "none", first: 0.7, second: 0.8 },
      ...comparePaired(FIRST, SECOND, { seed: 7 }),
      mcnemar: mcnemar(2, 3),
    });
  });

  it("is no surer of itself for rows that are asked three times", () => {
    const thrice = (scores: readonly number[]) =>
      of([...scores, ...scores, ...scores], (id) => ({ cluster: String(id % 10) }));
    const {
      difference,
      standardError,
      interval,
      items,
      mcnemar: test,
    } = compareSamples(thrice(FIRST), thrice(SECOND));
    const expected = comparePaired(FIRST, SECOND, { seed: 0 });
    expect(items).toBe(10);
    expect(test).toBeNull();
    expect(difference).toBeCloseTo(expected.difference, 12);
    expect(standardError).toBeCloseTo(expected.standardError!, 12);
    expect(interval!.low).toBeCloseTo(expected.interval!.low, 12);
  });

  it.skipIf(!hasShared)("reads what lm-evaluation-harness wrote", () => {
    const file = written(harnessReference("gsm8k_cot.json.gz").samples.gsm8k_cot!);
    expect(compareSamples(file, file, { filter: "flexible-extract" })).toMatchObject({
      ...{ metric: "exact_match", filter: "flexible-extract", items: 60, difference: 0, correlation: 1 },
    });
  });

  it.each<[string, string, () => unknown]>([
    ["SAMPLES_DIFFER", "row 9: only ", () => compareSamples(of(FIRST), of(SECOND.slice(0, 9)))],
    ["SAMPLES_DIFFER", "row 9: only ", () => compareSamples(of(FIRST.slice(0, 9)), of(SECOND))],
    [
      "SAMPLES_DIFFER",
      "another row",
      () =>
        compareSamples(
          of(FIRST),
          of(SECOND, () => ({ doc_hash: "x" })),
        ),
    ],
    ["SAMPLES_METRIC", "only none", () => compareSamples(of(FIRST), of(SECOND), { filter: "strict" })],
    ["SAMPLES_METRIC", "are acc", () => compareSamples(of(FIRST), of(SECOND), { metric: "doc_id" })],
    ["SAMPLES_METRIC", "row 0", () => compareSamples(written([sample(0, [3, 4])]), of(SECOND))],
    ["SAMPLES_METRIC", "row 0", () => compareSamples(written([sample(0, null)]), of(SECOND))],
    [
      "SAMPLES_INVALID",
      ".jsonl:2 ",
      () => compareSamples(written([sample(0, 1), { doc_id: 1 }]), of(SECOND)),
    ],
    ["SAMPLES_INVALID", "no samples", () => compareSamples(written([]), of(SECOND))],
    ["SAMPLES_INVALID", "cannot be read", () => compareSamples(join(folder, "none"), of(SECOND))],
  ])("refuses with %s: %s", (code, message, compare) => {
    expect(compare).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});
