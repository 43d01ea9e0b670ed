import { expect, it } from "vitest";
import { exactMatch } from "../../../src/evaluation/metrics/exact-match.js";

it.each([
  [{}, "A ", "A", false],
  [{}, "A\0\0", "A", true],
  [{}, "A\0b", "Ab", false],
  [{ ignore_case: true }, "ÀB", "àb", true],
  [{ ignore_punctuation: true }, "a.b!~`c", "abc", true],
  [{ ignore_punctuation: true }, "a’b", "ab", false],
  [{ ignore_numbers: true }, "a1b2", "ab", true],
  [{ regexes_to_ignore: [",", "\\.$"] }, "1,2.", "12", true],
  // One after the other, in their order.
  [{ regexes_to_ignore: ["b", "ac"] }, "abcx", "x", true],
  [{ regexes_to_ignore: ["ac", "b"] }, "abcx", "x", false],
])("with %j, %j and %j are equal: %j", (settings, first, second, equal) => {
  expect(exactMatch(settings)(first, second)).toBe(equal);
});
