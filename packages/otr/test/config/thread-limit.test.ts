import { expect, it } from "vitest";
import { tooManyThreads } from "../../src/config/thread-limit.js";

it("allows a few threads a processor and no more", () => {
  expect(tooManyThreads("numThreads", null, 1)).toEqual([]);
  expect(tooManyThreads("numThreads", 4, 1)).toEqual([]);
  expect(tooManyThreads("numThreads", 8, 2)).toEqual([]);
  expect(tooManyThreads("numThreads", 9, 2)).toEqual([
    { key: "numThreads", message: expect.stringMatching(/^found 9, .* 2 processors.*at most 8, best 2/) },
  ]);
});
