import { expect, it } from "vitest";
import { columnsOf, visibleText } from "../../src/cli/visible-text.js";

it.each([
  ["a b", "a b"],
  ["a\nb\tc\r", "a↵\nb→c\\x0d"],
  ["\u001b[31mred", "\\x1b[31mred"],
  ["\u202eright to left\u200b", "\\u{202e}right to left\\u{200b}"],
  ["\u009b\ufdd0\ue000", "\\x9b\\u{fdd0}\\u{e000}"],
  ["日本 é 👋", "日本 é 👋"],
])("makes %j harmless", (text, visible) => {
  expect(visibleText(text)).toBe(visible);
});

it("knows the columns of characters", () => {
  expect([..."aé日👋\u0301한"].map(columnsOf)).toEqual([1, 1, 2, 2, 0, 2]);
});
