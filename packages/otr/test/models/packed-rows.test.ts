import { scope } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { lengthGroups, packRows } from "../../src/models/packed-rows.js";

const row = (...ids: number[]) => ({ inputIds: Int32Array.from(ids) });

describe("packRows", () => {
  it("lays rows end to end, shortest first, and remembers their order", () => {
    scope(() => {
      const packed = packRows([row(5, 6, 7), row(1, 2), row(8, 9, 10), row(3, 4)]);
      expect(packed.lengths).toEqual([2, 2, 3, 3]);
      expect(packed.order).toEqual([1, 3, 0, 2]);
      expect(packed.inputIds.dtype).toBe("int64");
      expect(packed.inputIds.toArray()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(packed.positions.toArray()).toEqual([0, 1, 0, 1, 0, 1, 2, 0, 1, 2]);
    });
  });

  it("refuses a row without tokens, and no rows", () => {
    expect(() => packRows([row(1), row()])).toThrow(/row 1 has no tokens/);
    expect(() => packRows([])).toThrow(/no rows/);
  });
});

describe("lengthGroups", () => {
  it("joins neighbours of equal length", () => {
    expect(lengthGroups([2, 2, 3, 5, 5, 5])).toEqual([
      { rows: 2, length: 2 },
      { rows: 1, length: 3 },
      { rows: 3, length: 5 },
    ]);
  });
});
