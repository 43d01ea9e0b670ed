import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellQuote } from "../../src/config/shell-quote.js";

it.each(["out", "a b", "it's", "$HOME", "", 'say "hi"', "line\nbreak"])("the shell reads %j back", (text) => {
  expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" })).toBe(text);
});

it("leaves plain paths alone", () => {
  expect(shellQuote("/tmp/out-1.2")).toBe("/tmp/out-1.2");
});
