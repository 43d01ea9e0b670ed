import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PythonRegex } from "../../src/evaluation/python-regex.js";

const reference: {
  readonly texts: readonly string[];
  readonly found: readonly {
    readonly pattern: string;
    readonly texts: readonly unknown[];
    readonly removed: readonly string[];
  }[];
} = JSON.parse(readFileSync(new URL("../references/python.json", import.meta.url), "utf8"));

describe("finds and removes what Python does", () => {
  it.each(reference.found)("$pattern", ({ pattern, texts, removed }) => {
    const regex = new PythonRegex(pattern);
    expect(reference.texts.map((text) => regex.findAll(text))).toEqual(texts);
    expect(reference.texts.map((text) => regex.replaceAll(text, ""))).toEqual(removed);
  });
});

describe("refuses what JavaScript does otherwise", () => {
  it.each([
    "(a",
    "[a",
    "a++",
    "(?>a)",
    "(?(1)a|b)",
    "(a)\\1",
    "\\y",
    "a\\",
    "(?x)a",
    "(?i:a)",
    "*a",
    "[z-a]",
    "(?P=n)",
  ])("%s", (pattern) => {
    expect(() => new PythonRegex(pattern)).toThrowError(expect.objectContaining({ code: "TASK_REGEX" }));
  });
});

describe("a pattern that can match in too many ways", () => {
  it("is stopped", () => {
    const regex = new PythonRegex("(a+)+$");
    expect(() => regex.findAll(`${"a".repeat(40)}b`)).toThrowError(
      expect.objectContaining({ code: "TASK_REGEX_TIME" }),
    );
  });
});
