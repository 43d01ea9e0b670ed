import { expect, it } from "vitest";
import { precedingTokens } from "../../src/objectives/preceding-tokens.js";

const rows = [
  { id: 7, inputIds: Int32Array.from([5, 3, 5, 5, 9, 3]) },
  { id: 2, inputIds: Int32Array.from([1, 1]) },
];
const rowIds = [7, 7, 2, 7, 7, 2];
const positions = [1, 2, 1, 4, 5, 0];

function listed(of: ReturnType<typeof precedingTokens>): number[][] {
  const { tokens, present } = of.candidates();
  const width = tokens.shape[1]!;
  const there = present.toArray();
  return Array.from({ length: tokens.shape[0]! }, (_, row) =>
    tokens
      .narrow(0, row, 1)
      .toArray()
      .filter((_, at) => there[row * width + at]),
  );
}

it("are the tokens before each position in its own row, each once", () => {
  const expected = [[5], [5, 3], [1], [5, 3], [5, 3, 9], []];
  expect(listed(precedingTokens(rows, { rowIds, positions }))).toEqual(expected);
  expect(listed(precedingTokens(rows, { rowIds, positions }).narrow(2, 3))).toEqual(expected.slice(2, 5));
});

it("may be none at all", () => {
  expect(listed(precedingTokens(rows, { rowIds: [2, 7], positions: [0, 0] }))).toEqual([[], []]);
  expect(listed(precedingTokens(rows, { rowIds: [], positions: [] }))).toEqual([]);
});

it("belong to rows that are known", () => {
  expect(() => precedingTokens(rows, { rowIds: [8], positions: [0] })).toThrow(
    /row 8 is not among the 2 rows/,
  );
});
