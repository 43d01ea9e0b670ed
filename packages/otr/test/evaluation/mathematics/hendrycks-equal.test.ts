import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hendrycksEqual } from "../../../src/evaluation/mathematics/hendrycks-equal.js";
import { hasShared, shared } from "../../shared.js";

interface Sample {
  doc: { answer: string };
  resps: string[][];
  exact_match: number;
}

describe("hendrycksEqual", () => {
  it.skipIf(!hasShared)("has the harness's verdict for every document of hendrycks_math500", () => {
    const samples: Sample[] = JSON.parse(
      readFileSync(shared("reference/harness/hendrycks_math500.json"), "utf8"),
    ).samples.hendrycks_math500;
    expect(samples.length).toBe(60);
    for (const { doc, resps, exact_match } of samples) {
      const output = resps[0]![0]!;
      const [first, last] = [output.indexOf("$"), output.lastIndexOf("$")];
      const answer = last > first ? output.slice(first + 1, last) : output;
      expect(Number(hendrycksEqual(answer, doc.answer)), `${answer} and ${doc.answer}`).toBe(exact_match);
    }
  });

  it("compares the texts as they are where the reference fails", () => {
    expect(hendrycksEqual("a/b", "a/b")).toBe(true);
    expect(hendrycksEqual("a/b", "a / b")).toBe(false);
    expect(hendrycksEqual("\\sqrt", "\\sqrt")).toBe(true);
    expect(hendrycksEqual("1\\text{ m}\\text{ s}", "1")).toBe(false);
  });
});
