import { expect, it } from "vitest";
import { pythonText } from "../../src/data/python-text.js";

// What Python 3.11 answers.
it.each([
  ["strip", " \n a b\t\u3000", undefined, "a b"],
  ["strip", "\ufeff a \u200b", undefined, "\ufeff a \u200b"],
  ["strip", "\u001c\u0085a\u001f", undefined, "a"],
  ["trim", "xyaxby", "yx", "axb"],
  ["lstrip", "\n a \n", "\n", " a \n"],
  ["rstrip", "\n a \n", "\n", "\n a "],
  ["rstrip", "a👋👌👋", "👋👌", "a"],
  ["rstrip", "a\ud83d", "👋", "a\ud83d"],
  ["strip", "   ", undefined, ""],
  ["strip", "aa", "a", ""],
  ["capitalize", "hELLO World", undefined, "Hello world"],
  ["upper", "a", undefined, null],
])("%s of %j by %j", (name, text, argument, result) => {
  expect(pythonText(name, text, argument)).toBe(result);
});

it("refuses characters that are no text", () => {
  expect(() => pythonText("strip", "a", 1)).toThrowError("as a text");
});
