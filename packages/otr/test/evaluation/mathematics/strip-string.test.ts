import { describe, expect, it } from "vitest";
import { stripString, UnstrippableError } from "../../../src/evaluation/mathematics/strip-string.js";
import { normalForms } from "./references.js";

function strippedOrNull(text: string): string | null {
  try {
    return stripString(text);
  } catch (error) {
    if (error instanceof UnstrippableError) return null;
    throw error;
  }
}

describe("stripString", () => {
  it("is the harness's, to the character, and fails where that does", () => {
    const found = Object.keys(normalForms).map((text) => [text, strippedOrNull(text)]);
    expect(found).toEqual(Object.entries(normalForms).map(([text, [, stripped]]) => [text, stripped]));
  });
});
