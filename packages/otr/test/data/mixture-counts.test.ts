import { expect, it } from "vitest";
import { mixtureCounts } from "../../src/data/mixture-counts.js";

it.each([
  [
    [100, 100],
    [1, 1],
    [100, 100],
  ],
  [
    [100, 50],
    [1, 1],
    [50, 50],
  ],
  [
    [100, 50],
    [2, 1],
    [100, 50],
  ],
  [
    [100, 50],
    [3, 1],
    [100, 33],
  ],
  [
    [1000, 10],
    [1, 99],
    [1, 10],
  ],
  [
    [7, 9, 11],
    [0.5, 0.3, 0.2],
    [7, 4, 3],
  ],
])("of %j rows with weights %j it takes %j", (counts, weights, taken) => {
  expect(mixtureCounts(counts, weights)).toEqual(taken);
});
