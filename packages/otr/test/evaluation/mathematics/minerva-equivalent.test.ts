import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { mathVerify } from "../../../src/evaluation/mathematics/math-verify.js";
import { minervaEquivalent } from "../../../src/evaluation/mathematics/minerva-equivalent.js";
import { normalizeFinalAnswer } from "../../../src/evaluation/mathematics/normalize-final-answer.js";
import { hasShared, shared } from "../../shared.js";

interface Sample {
  doc: { solution: string; answer: string };
  resps: string[][];
  exact_match: number;
  math_verify: number;
}

function samples(): Sample[] {
  const text = gunzipSync(readFileSync(shared("reference/harness/minerva_math500.json.gz"))).toString("utf8");
  return JSON.parse(text).samples.minerva_math500;
}

/** The harness's own extraction. */
function finalAnswer(output: string): string {
  const text = `${output}I hope it is correct.`;
  const match = /Final Answer: The final answer is([^\n]*?)[^\n] I hope it is correct[^\n]/.exec(text);
  return match ? match[1]!.trim() : "[invalidanswer]";
}

describe.skipIf(!hasShared)("the harness's minerva_math500", () => {
  it("has the same exact_match for every document", () => {
    for (const { doc, resps, exact_match } of samples()) {
      const answer = normalizeFinalAnswer(finalAnswer(resps[0]![0]!));
      expect(Number(minervaEquivalent(answer, doc.answer)), `${answer} and ${doc.answer}`).toBe(exact_match);
    }
  });

  it("has the same math_verify for every document", () => {
    for (const { doc, resps, math_verify } of samples()) {
      expect(Number(mathVerify(doc.solution, resps[0]![0]!)), resps[0]![0]!).toBe(math_verify);
    }
  });
});

describe("minervaEquivalent", () => {
  it.each([
    ["42", "42"],
    ["0+42", "42"],
    ["2\\dfrac{x}{3}", "\\frac{2x}{3}"],
    ["x+y", "y+x"],
    ["1,-2", "1,-2"],
    ["\\left(\\frac{1}{2}\\right)", "\\frac{2}{4}"],
    ["(1,2]", "(1,2]"],
  ])("takes %s and %s for the same", (answer, target) => {
    expect(minervaEquivalent(answer, target)).toBe(true);
  });

  it.each([
    ["43", "42"],
    ["42\\%", "42"],
    ["200\\%", "2"],
    ["", ""],
    ["0.333333", "\\frac{1}{3}"],
    ["1,-2", "-2,1"],
    ["52_8+1", "52_8"],
    ["[invalidanswer]", "5"],
    ["", "5"],
  ])("tells %s and %s apart", (answer, target) => {
    expect(minervaEquivalent(answer, target)).toBe(false);
  });
});
