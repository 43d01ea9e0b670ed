import { describe, expect, it } from "vitest";
import { packRows } from "../../src/models/packed-rows.js";
import { supervisedTokens, tokenWeight } from "../../src/training/supervised-tokens.js";

const row = (id: number, ids: number[], labels: number[]) => ({
  id,
  inputIds: Int32Array.from(ids),
  labels: Int32Array.from(labels),
});
const rows = [row(7, [5, 6, 7, 8], [-100, -100, 7, 8]), row(3, [9, 10, 11], [9, -100, 11])];

describe("supervisedTokens", () => {
  it("points at the state before each learned token, as the packed rows lie", () => {
    const packed = packRows(rows);
    const tokens = supervisedTokens(rows, packed, tokenWeight(rows, "token"), "cpu");
    const ids = packed.inputIds.toArray();
    const index = tokens.index.toArray();
    // The shorter row lies first: 9 10 11 5 6 7 8.
    expect(index).toEqual([1, 4, 5]);
    expect(tokens.targets.toArray()).toEqual([11, 7, 8]);
    expect(index.map((at) => ids[at + 1])).toEqual(tokens.targets.toArray());
    expect(tokens.rowIds).toEqual([3, 7, 7]);
    expect(tokens.positions).toEqual([2, 2, 3]);
  });

  it("weights tokens so that a step sums to one, by token or by sequence", () => {
    const weights = (aggregation: "token" | "sequence") =>
      supervisedTokens(rows, packRows(rows), tokenWeight(rows, aggregation), "cpu").weights.toArray();
    expect(weights("token")).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(weights("sequence")).toEqual([1 / 2, 1 / 4, 1 / 4]);
  });
});
