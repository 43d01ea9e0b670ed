import { expect, it } from "vitest";
import { wrapText } from "../../src/cli/wrap-text.js";

it("breaks between words, with an indent", () => {
  expect(wrapText("one two three", { width: 9, indent: 2 })).toBe("  one two\n  three");
});

it("keeps line breaks and long words", () => {
  expect(wrapText("a\n\n/a/very/long/path b", { width: 6 })).toBe("a\n\n/a/very/long/path\nb");
});

it("keeps the blanks that a paragraph begins with, on each of its lines", () => {
  expect(wrapText("one:\n  two three", { width: 8 })).toBe("one:\n  two\n  three");
});
