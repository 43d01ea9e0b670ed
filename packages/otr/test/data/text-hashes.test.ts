import { expect, it } from "vitest";
import { TextHashes } from "../../src/data/text-hashes.js";

function hashesOf(texts: readonly string[], firstRow = 0): TextHashes {
  const hashes = new TextHashes();
  for (const [index, text] of texts.entries()) hashes.add(firstRow + index, text);
  return hashes;
}

it("names the rows that repeat an earlier one, and the first of these", () => {
  expect(hashesOf(["a", "b", "a", "c", "a", "b"]).repeated()).toEqual({
    count: 3,
    examples: [
      { row: 2, sameAs: 0 },
      { row: 4, sameAs: 0 },
      { row: 5, sameAs: 1 },
    ],
  });
  expect(hashesOf(["a", "A", "a "]).repeated()).toEqual({ count: 0, examples: [] });
});

it("names the rows of another file that are here too", () => {
  const train = hashesOf(["x", "a", "b", "a"]);
  expect(train.sharedBy(hashesOf(["c", "a", "b", "a"], 10))).toEqual({
    count: 3,
    examples: [
      { row: 11, sameAs: 1 },
      { row: 12, sameAs: 2 },
      { row: 13, sameAs: 1 },
    ],
  });
  expect(train.sharedBy(new TextHashes())).toEqual({ count: 0, examples: [] });
});

it("finds the same as a plain search among many", () => {
  const texts = Array.from({ length: 5000 }, (_, row) => String((row * 7919) % 3000));
  const { count, examples } = hashesOf(texts).repeated();
  expect(count).toBe(5000 - new Set(texts).size);
  for (const { row, sameAs } of examples) expect(texts.indexOf(texts[row]!)).toBe(sameAs);
  expect(examples).toHaveLength(5);
});
