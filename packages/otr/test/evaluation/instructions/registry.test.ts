import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../../src/evaluation/instructions/detect-language.js";
import { instruction } from "../../../src/evaluation/instructions/registry.js";
import { splitSentences } from "../../../src/evaluation/instructions/split-sentences.js";

/** What the harness says of random answers (`test/peers/ifeval_instructions.py`). */
const reference: {
  readonly cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string, boolean])[];
  readonly sentences: readonly (readonly [text: string, sentences: readonly string[]])[];
  readonly languages: readonly (readonly [code: string, text: string])[];
} = JSON.parse(readFileSync(new URL("../../references/ifeval.json", import.meta.url), "utf8"));

const follows = (id: string, kwargs: Readonly<Record<string, unknown>>, answer: string): boolean =>
  answer.trim() !== "" && instruction(id, kwargs)(answer);

describe("instructions of IFEval", () => {
  it.each([...new Set(reference.cases.map(([id]) => id))])("%s is checked as in the harness", (id) => {
    const own = reference.cases.filter((each) => each[0] === id);
    const wrong = own.filter(([, kwargs, answer, expected]) => follows(id, kwargs, answer) !== expected);
    expect(own.length).toBeGreaterThan(7);
    expect(wrong).toEqual([]);
  });

  const firstOfEach = [...new Map(reference.cases.map((each) => [each[0], each])).values()];
  it.each([
    "[",
    "\n",
    "<<a",
    "*",
    "!",
    ". ",
    ".",
    " ",
    "'",
    '"',
    "a",
    "A",
    "***\n",
    "$",
    "Sec ",
    "``",
    "-\n",
    "1",
  ])("needs linear time for an answer of nothing but %j", (piece) => {
    const answer = piece.repeat(20_000);
    const began = performance.now();
    for (const [id, kwargs] of firstOfEach) instruction(id, kwargs)(answer);
    detectLanguage(answer);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it("splits sentences as Punkt does with the same lists of words", () => {
    for (const [text, sentences] of reference.sentences)
      expect(splitSentences(text), text).toEqual(sentences);
  });

  it.each(reference.languages)("knows %s as langdetect does: %s", (code, text) => {
    expect(detectLanguage(text)).toBe(code);
  });

  it.each(["", "1, 2, 3", "https://example.com/a", "☃"])("finds no language in %j", (text) => {
    expect(detectLanguage(text)).toBeNull();
  });
});
