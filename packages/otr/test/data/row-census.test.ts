import { expect, it } from "vitest";
import type { RowReport } from "../../src/data/encode-block.js";
import { RowCensus } from "../../src/data/row-census.js";
import { RowSource } from "../../src/data/row-source.js";

const report = (id: number, length: number, more: Partial<RowReport> = {}): RowReport => {
  const inputIds = new Int32Array(length).fill(7);
  const whole = { id, inputIds, labels: inputIds };
  const offsets = async () => [];
  const source = new RowSource({ text: `row ${id}`, offsets, addedEnd: 0, spans: null, learnedFrom: 0 });
  const kept = [0, length] as const;
  return {
    id,
    place: "rows.jsonl:1",
    source,
    whole,
    fate: "trained",
    kept,
    endOfTurn: "learned",
    lostCharacters: [],
    ...more,
  };
};
const censusOf = (reports: readonly RowReport[]): RowCensus => {
  const census = new RowCensus();
  for (const one of reports) census.add(one);
  return census;
};

it("counts fates, ends, and the tokens that are trained on", () => {
  const census = censusOf([
    report(0, 5),
    report(1, 9, { fate: "truncated", kept: [3, 7], endOfTurn: "cut" }),
    report(2, 9, { fate: "too_long" }),
    report(3, 4, { endOfTurn: "unlearned" }),
    report(4, 4, { fate: "nothing_to_learn", endOfTurn: null }),
  ]);
  expect(census.rows).toBe(5);
  expect(census.fates).toEqual({
    trained: 2,
    truncated: 1,
    too_long: 1,
    cut_to_nothing: 0,
    nothing_to_learn: 1,
  });
  expect(census.ends).toEqual({ learned: 2, cut: 1, unlearned: 1 });
  expect(census.firstUnlearned?.id).toBe(3);
  expect([census.tokens, census.supervisedTokens]).toEqual([13, 10]);
});

it("describes the lengths, with bars of a round width", () => {
  const lengths = [3, 14, 14, 15, 92, 65, 35, 89, 79, 130];
  const { histogram, ...rest } = censusOf(lengths.map((length, id) => report(id, length))).lengths()!;
  expect(rest).toEqual({ min: 3, mean: 53.6, median: 35, p95: 130, max: 130 });
  expect(histogram[0]).toEqual({ from: 0, to: 19, rows: 4 });
  expect(histogram.at(-1)).toEqual({ from: 120, to: 139, rows: 1 });
  expect(histogram.reduce((sum, { rows }) => sum + rows, 0)).toBe(lengths.length);
});

it.each([
  [[8, 8], [{ from: 8, to: 8, rows: 2 }]],
  [[8, 10], [8, 9, 10].map((length) => ({ from: length, to: length, rows: length === 9 ? 0 : 1 }))],
])("needs no room for lengths %j", (lengths, histogram) => {
  expect(censusOf(lengths.map((length, id) => report(id, length))).lengths()?.histogram).toEqual(histogram);
});

it("stays within twelve bars up to a million tokens", () => {
  for (const longest of [13, 99, 1000, 4097, 65_536, 1_000_000]) {
    const { histogram } = censusOf([report(0, 1), report(1, longest)]).lengths()!;
    expect(histogram.length).toBeLessThanOrEqual(12);
    expect(histogram.at(-1)!.to).toBeGreaterThanOrEqual(longest);
  }
});

it("has no lengths without rows", () => {
  expect(new RowCensus().lengths()).toBeNull();
});
