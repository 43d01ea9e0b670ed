import { describe, expect, it } from "vitest";
import { patternCost } from "../../src/data/pattern-cost.js";
import { PRE_TOKENIZERS } from "../../src/gguf/pre-tokenizers.js";

/** Of published tokenizers, beside those that GGUF files name. */
const PUBLISHED = [
  // GPT-4's, as tiktoken has it.
  "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
  // DeepSeek V3's.
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "[一-龥぀-ゟ゠-ヿ]+",
  // Kimi K2's.
  "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  // BLOOM's.
  " ?[^(\\s|[.,!?…。，、।۔،])]+",
  // Chameleon's.
  "(IMGIMG)(((A|B|C|D|E|F|G|H|I)){1,4})Z",
];

describe("patternCost", () => {
  const gguf = Object.values(PRE_TOKENIZERS).flatMap(({ expressions }) => expressions);

  it.each([...new Set([...gguf, ...PUBLISHED])])("reads texts of any length with %s", (pattern) => {
    expect(patternCost(pattern)).toEqual({ matchesNothing: false, isQuadratic: false });
  });

  it.each([
    ["\\w*(?=\\W)", "\\w"],
    ["[^x]*x", "[^x]"],
    [".*\\n", "."],
    ["x?a+b?c", "a"],
  ])("bounds texts with %s, but not beside a run of its own", (pattern, run) => {
    expect(patternCost(pattern).isQuadratic).toBe(true);
    expect(patternCost(`${pattern}|z?${run}+y?`).isQuadratic).toBe(false);
    expect(patternCost(`(?:${pattern}|${run}+)`).isQuadratic).toBe(false);
    expect(patternCost(`${pattern}|${run}+y`).isQuadratic).toBe(true);
    expect(patternCost(`${pattern}|(?=q)${run}+`).isQuadratic).toBe(true);
  });

  it.each(["b(?!\\w*)|.", "(?=a+)b|a+", "\\s+(?:(?>.*|a).+)?", "(?<=b*)a"])(
    "counts what is read and left again in %s",
    (pattern) => {
      expect(patternCost(pattern).isQuadratic).toBe(true);
    },
  );

  it("counts on digits in threes, looking ahead", () => {
    expect(patternCost("\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))").isQuadratic).toBe(true);
  });

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
    expect(patternCost(pattern).matchesNothing).toBe(true);
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
    expect(patternCost(pattern).matchesNothing).toBe(false);
  });

  it.each([
    ["(a+)+$", /repeats what repeats itself/],
    ["(?:a*b?)*", /repeats what repeats itself/],
    ["((a|b)+c?){2,}", /repeats what repeats itself/],
    ["(?:\\w+\\s?){5000}", /repeats what repeats itself/],
    ["a+*", /repeats what repeats itself/],
    ["a*a*b", /divide a text in too many ways/],
    ["\\w*\\w*(?=\\W)", /divide a text in too many ways/],
    ["(?:a|a)+b", /divide a text in too many ways/],
    ["(aa?)*$", /divide a text in too many ways/],
    ["(a|a){30}b", /divide a text in too many ways/],
    [`${"a?".repeat(40)}${"a".repeat(40)}`, /divide a text in too many ways/],
    ["(?:a*b?){3}c", /divide a text in too many ways/],
    ["(?=.*.*x)y", /divide a text in too many ways/],
    ["(".repeat(60), /nests more than 50 groups/],
    ["a".repeat(10_001), /has 10001 characters/],
  ])("refuses %s", (pattern, reason) => {
    expect(() => patternCost(pattern).matchesNothing).toThrow(reason);
  });

  it("takes possessive and lazy signs for what they are", () => {
    expect(patternCost("(?:a?+b)+?").matchesNothing).toBe(false);
    expect(patternCost("a*+").matchesNothing).toBe(true);
    expect(patternCost("a*+a*+b").isQuadratic).toBe(true);
    expect(patternCost("(?>a*)(?>a*)b").isQuadratic).toBe(true);
    expect(() => patternCost("a{1,3}+b")).toThrow(/too many ways/);
  });

  it("ends on what is no pattern", () => {
    for (const pattern of ["[", "[[", "\\", "(", "(?", "(?<", ")", "a)*", "*", "{1,", "(?#", "[\\"]) {
      expect(() => patternCost(pattern).matchesNothing).not.toThrow();
    }
  });
});
