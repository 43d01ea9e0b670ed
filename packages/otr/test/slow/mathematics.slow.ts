/** @file Answers as models write them, damaged at random: every comparison ends in time, with a verdict. */
import { describe, expect, it } from "vitest";
import { compareOnThread } from "../../src/evaluation/mathematics/comparison-thread.js";
import { mathVerify } from "../../src/evaluation/mathematics/math-verify.js";
import { minervaEquivalent } from "../../src/evaluation/mathematics/minerva-equivalent.js";
import { normalizeFinalAnswer } from "../../src/evaluation/mathematics/normalize-final-answer.js";
import { mathVerifyPairs } from "../evaluation/mathematics/references.js";
import { seededRandom } from "../evaluation/mathematics/seeded-random.js";

const PIECES =
  "{ } ( ) [ ] $ \\ ^ _ , . = < | ! % 9 0 x \\frac \\sqrt \\boxed{ \\cup \\pm \\sin \\text{ 文".split(" ");

/** Some pieces put in, taken out, or repeated. */
function damaged(text: string, random: (bound: number) => number): string {
  let result = text;
  for (let change = 0; change <= random(4); change++) {
    const at = random(result.length + 1);
    const end = Math.min(result.length, at + random(6));
    const piece = PIECES[random(PIECES.length)]!;
    const kind = random(3);
    const middle = kind === 0 ? piece : kind === 1 ? "" : result.slice(at, end).repeat(2 + random(20));
    result = result.slice(0, at) + middle + result.slice(kind === 0 ? at : end);
  }
  return result;
}

describe("damaged answers", () => {
  it("are compared in time, whatever they are", () => {
    const random = seededRandom(17);
    let slowest = 0;
    for (let round = 0; round < 30_000; round++) {
      const { gold, response } = mathVerifyPairs[random(mathVerifyPairs.length)]!;
      const [reference, output] = [`$${damaged(gold, random)}$`, damaged(response, random)];
      const start = performance.now();
      mathVerify(reference, output);
      minervaEquivalent(normalizeFinalAnswer(output), gold);
      const took = performance.now() - start;
      if (took > slowest) slowest = took;
      expect(took, `${reference} and ${output}`).toBeLessThan(5000);
    }
    console.log(`the slowest took ${slowest.toFixed(0)} ms`);
  });

  it("are compared in time as long outputs", async () => {
    const random = seededRandom(23);
    for (let round = 0; round < 200; round++) {
      const lines = Array.from({ length: 200 }, () => {
        const { response } = mathVerifyPairs[random(mathVerifyPairs.length)]!;
        return damaged(response, random);
      });
      const start = performance.now();
      await compareOnThread({ rule: "math-verify", gold: "$5$", answer: lines.join("\n") });
      expect(performance.now() - start).toBeLessThan(8000);
    }
  });
});
