import { expect, it } from "vitest";
import { choiceAccuracy } from "../../../src/evaluation/metrics/choice-accuracy.js";

const METRICS = ["acc", "acc_norm", "acc_bytes"];

it("divides by nothing, by characters, or by bytes", () => {
  // Of a character, of two characters that are UTF-16 pairs (8 bytes), and of three bytes.
  const choices = ["a", "😀😀", "abc"];
  expect(choiceAccuracy(METRICS, choices, [-2, -3, -4.2], 0)).toEqual({ acc: 1, acc_norm: 0, acc_bytes: 0 });
  expect(choiceAccuracy(METRICS, choices, [-2, -3, -4.8], 1)).toEqual({ acc: 0, acc_norm: 1, acc_bytes: 1 });
  expect(choiceAccuracy(METRICS, choices, [-2, -20, -6], 1)).toEqual({ acc: 0, acc_norm: 0, acc_bytes: 0 });
  expect(choiceAccuracy(METRICS, choices, [-9, -10, -4.2], 2)).toEqual({ acc: 1, acc_norm: 1, acc_bytes: 0 });
});

it("takes the first of equally likely choices, and any of several right ones", () => {
  expect(choiceAccuracy(["acc"], ["a", "b"], [-1, -1], 0)).toEqual({ acc: 1 });
  expect(choiceAccuracy(["acc"], ["a", "b"], [-1, -1], 1)).toEqual({ acc: 0 });
  expect(choiceAccuracy(["acc"], ["a", "b", "c"], [-1, -3, -0.5], [0, 2])).toEqual({ acc: 1 });
});
