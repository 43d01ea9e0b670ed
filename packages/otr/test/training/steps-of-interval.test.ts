import { expect, it } from "vitest";
import { stepsOfInterval } from "../../src/training/steps-of-interval.js";

it("takes a number below 1 as a share of all steps, rounded up", () => {
  expect(stepsOfInterval(7, 100)).toBe(7);
  expect(stepsOfInterval(0.1, 100)).toBe(10);
  expect(stepsOfInterval(0.1, 11)).toBe(2);
  expect(stepsOfInterval(1e-9, 11)).toBe(1);
});
