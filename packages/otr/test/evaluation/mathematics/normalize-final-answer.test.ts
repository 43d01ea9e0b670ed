import { describe, expect, it } from "vitest";
import { normalizeFinalAnswer } from "../../../src/evaluation/mathematics/normalize-final-answer.js";
import { normalForms } from "./references.js";

describe("normalizeFinalAnswer", () => {
  it("is the harness's, to the character", () => {
    const found = Object.keys(normalForms).map((text) => [text, normalizeFinalAnswer(text)]);
    expect(found).toEqual(Object.entries(normalForms).map(([text, [minerva]]) => [text, minerva]));
    expect(found.length).toBeGreaterThan(400);
  });
});
