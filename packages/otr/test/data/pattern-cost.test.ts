import { describe, expect, it } from "vitest";
import { canMatchNothing } from "../../src/data/pattern-cost.js";

describe("canMatchNothing", () => {
  it.each([
    "",
    "a*",
    "a?b*",
    "a|",
    "(?:a|b*)",
    "\\b",
    "^$",
    "(?=a)",
    "(?<!\\S)",
    "a{0,3}",
    "a{,3}",
    "(?i)",
    "(?#note)",
    "(a?)\\1",
    "[ab]{0}",
  ])("is true of %s", (pattern) => {
    expect(canMatchNothing(pattern)).toBe(true);
  });

  it.each([
    "a",
    ".",
    "a+",
    "a|b",
    "\\s+(?!\\S)|\\s+",
    "[]a]",
    "[^]]",
    "[a[bc]*]",
    "[\\]]+",
    "\\p{L}+",
    "\\x{41}",
    "a{1,3}",
    "a{2}",
    "{",
    "x{a}",
    "(?<name>a)",
    "(?i:'s|'t)",
    // GPT-4's, Llama 3's and Qwen's.
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    // DeepSeek V3's.
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ])("is false of %s", (pattern) => {
    expect(canMatchNothing(pattern)).toBe(false);
  });

  it.each([
    ["(a+)+$", /repeats what repeats itself/],
    ["(?:a*b?)*", /repeats what repeats itself/],
    ["((a|b)+c?){2,}", /repeats what repeats itself/],
    ["(?:\\w+\\s?){5000}", /repeats what repeats itself/],
    ["a+*", /repeats what repeats itself/],
    ["(".repeat(60), /nests more than 50 groups/],
    ["a".repeat(10_001), /has 10001 characters/],
  ])("refuses %s", (pattern, reason) => {
    expect(() => canMatchNothing(pattern)).toThrow(reason);
  });

  it("takes possessive and lazy signs for what they are", () => {
    expect(canMatchNothing("(?:a++b)+?".replace("++", "?+"))).toBe(false);
    expect(canMatchNothing("a*+")).toBe(true);
  });

  it("ends on what is no pattern", () => {
    for (const pattern of ["[", "[[", "\\", "(", "(?", "(?<", ")", "a)*", "*", "{1,", "(?#", "[\\"]) {
      expect(() => canMatchNothing(pattern)).not.toThrow();
    }
  });
});
