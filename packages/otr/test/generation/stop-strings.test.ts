import { describe, expect, it } from "vitest";
import { endsWithStop, textBeforeStop } from "../../src/generation/stop-strings.js";

const pieces = ["a", "b", "\n", "\nQ", ":", "Qu", "estion:", "x"];
const decode = async (ids: readonly number[]) => ids.map((id) => pieces[id]).join("");

describe("textBeforeStop", () => {
  it("cuts at the earliest stop string", () => {
    expect(textBeforeStop("one. two; three", ["; ", ". "])).toBe("one");
    expect(textBeforeStop("one", ["two"])).toBeNull();
    expect(textBeforeStop("one", [])).toBeNull();
  });
});

describe("endsWithStop", () => {
  it("finds a stop string within a token and across tokens, after whichever token completes it", async () => {
    const stops = ["\nQuestion:", "bx"];
    expect(await endsWithStop([0, 2, 5, 6], stops, decode)).toBe(true);
    expect(await endsWithStop([0, 2, 5], stops, decode)).toBe(false);
    expect(await endsWithStop([0, 1, 7], stops, decode)).toBe(true);
    expect(await endsWithStop([0, 1, 0, 7], stops, decode)).toBe(false);
    expect(await endsWithStop([3, 4], ["\nQ:"], decode)).toBe(true);
  });

  it("decodes no more of a long continuation than can hold a stop string", async () => {
    let longest = 0;
    const counting = async (ids: readonly number[]) => {
      longest = Math.max(longest, ids.length);
      return decode(ids);
    };
    await endsWithStop(new Array(1000).fill(0), ["abc"], counting);
    expect(longest).toBeLessThan(10);
  });
});
