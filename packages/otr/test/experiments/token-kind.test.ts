import { expect, it } from "vitest";
import { tokenKind } from "../../src/experiments/token-kind.js";

it.each([
  ["12", "digits"],
  [" 7", "digits"],
  ["٣", "digits"],
  [" word", "letters"],
  ["né", "letters"],
  ["\n", "white space"],
  ["+=", "marks"],
  ["。", "marks"],
  ["a1", "mixed"],
  ["�x", "mixed"],
  ["", "no text"],
])("%j is %s", (text, kind) => {
  expect(tokenKind(text)).toBe(kind);
});
