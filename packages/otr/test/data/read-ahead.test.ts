import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readAhead } from "../../src/data/read-ahead.js";

describe("readAhead", () => {
  it("starts the next batch with the one asked for, and each once", async () => {
    const started: number[] = [];
    const read = readAhead(3, async (batch) => {
      started.push(batch);
      return `batch ${batch}`;
    });
    const seen: [string, number[]][] = [];
    for (let batch = 0; batch < 3; batch++) seen.push([await read(batch), [...started]]);
    expect(seen).toEqual([
      ["batch 0", [0, 1]],
      ["batch 1", [0, 1, 2]],
      ["batch 2", [0, 1, 2]],
    ]);
  });

  it("starts anywhere, as a resumed run does", async () => {
    const read = readAhead(9, async (batch) => batch);
    expect([await read(5), await read(6), await read(2)]).toEqual([5, 6, 2]);
  });

  it("throws what fails when it is due, and not before", async () => {
    const read = readAhead(2, async (batch) => {
      if (batch === 1) throw new Error("lost");
      return batch;
    });
    expect(await read(0)).toBe(0);
    await nextTurn();
    await expect(read(1)).rejects.toThrowError("lost");
  });
});
