import { expect, it } from "vitest";
import { terminalStyle } from "../../src/cli/terminal-style.js";

it("follows locale, NO_COLOR and TERM", () => {
  expect(terminalStyle({ LANG: "en_US.UTF-8" })).toEqual({ isUnicode: true, hasColor: true });
  expect(terminalStyle({ LANG: "C.utf8", NO_COLOR: "1" })).toEqual({ isUnicode: true, hasColor: false });
  expect(terminalStyle({ LANG: "en_US.UTF-8", NO_COLOR: "" })).toMatchObject({ hasColor: true });
  expect(terminalStyle({ LANG: "en_US.UTF-8", LC_ALL: "C" })).toMatchObject({ isUnicode: false });
  expect(terminalStyle({ LANG: "C", LC_CTYPE: "de_DE.UTF-8", LC_ALL: "" })).toMatchObject({
    isUnicode: true,
  });
  expect(terminalStyle({})).toMatchObject({ isUnicode: false });
  expect(terminalStyle({ TERM: "dumb", LANG: "en_US.UTF-8" })).toBeNull();
});
