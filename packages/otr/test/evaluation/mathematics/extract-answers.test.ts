import { describe, expect, it } from "vitest";
import { extractAnswer } from "../../../src/evaluation/mathematics/extract-answers.js";
import { mathVerifyPairs } from "./references.js";

describe("extractAnswer", () => {
  it("takes and normalises what math-verify does, to the character", () => {
    const differing = mathVerifyPairs
      .map(({ response, text }) => ({ response, text, found: extractAnswer(response).text }))
      .filter(({ text, found }) => text !== found);
    expect(differing).toEqual([]);
  });

  it.each([
    ["The final answer is $7$. I hope it is correct. \\boxed{8} Answer: 9", "7"],
    ["\\boxed{8} Answer: 9, so $10$", "8"],
    ["Answer: $9$ or answer 10, so $11$", "9"],
    ["I say 4, then 5, then 6", "6"],
    ["$1$, $2$ and $3$", "1 and 2 and 3"],
    ["\\boxed{1} or \\boxed{2}", "1,2"],
    // math-verify's own: boxes that belong together, and one that does not.
    ["\\boxed{1} thus \\boxed{2}", "1,2"],
    ["\\boxed{1}, and so, since it is all that is left, \\boxed{2}", "1,2"],
    ["\\boxed{1} because it is all that we have left \\boxed{2}", "2"],
    ["\\boxed{3} so \\boxed{3}", "3"],
    ["nothing", null],
  ])("takes from %j the text %j", (output, text) => {
    expect(extractAnswer(output).text).toBe(text);
  });
});
