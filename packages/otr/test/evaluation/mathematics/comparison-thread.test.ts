/** @file Threads run compiled code: `npx tsc -b` comes first. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { compareOnThread } from "../../../src/evaluation/mathematics/comparison-thread.js";
import { minervaEqual } from "../../../src/evaluation/mathematics/minerva-equal.js";
import { verifyMathematics } from "../../../src/evaluation/mathematics/verify-mathematics.js";

/** Thousands of openings without an end: the patterns try each pair of them. */
const SLOW = "$$ \\boxed{".repeat(20_000);

describe("compareOnThread", () => {
  it("compares by either rule", async () => {
    expect(await verifyMathematics("$1/2$", "It is $\\boxed{0.5}$")).toBe(true);
    expect(await verifyMathematics("$1/2$", "It is $\\boxed{0.6}$")).toBe(false);
    expect(await minervaEqual("0+42", "42")).toBe(true);
    expect(await minervaEqual("42\\%", "42")).toBe(false);
  });

  it("ends a comparison that takes too long, and goes on with the next one", async () => {
    const start = performance.now();
    const slow = compareOnThread({ rule: "math-verify", gold: "$5$", answer: SLOW }, 300);
    const next = verifyMathematics("$5$", "5");
    expect(await slow).toBe(false);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(await next).toBe(true);
  });

  it("keeps the order of requests that are made at once", async () => {
    const answers = Array.from({ length: 50 }, (_, index) => `\\boxed{${index % 7}}`);
    const verdicts = await Promise.all(answers.map((answer) => verifyMathematics("$3$", answer)));
    expect(verdicts).toEqual(answers.map((_, index) => index % 7 === 3));
  });

  it("survives bombs", async () => {
    const bombs = [
      "\\boxed{10^{10^{10^{10}}}}",
      `\\boxed{${"9".repeat(3000)}^{${"9".repeat(900)}}}`,
      `\\boxed{${"\\sqrt{".repeat(500)}2${"}".repeat(500)}}`,
      `\\boxed{${"(((1+1)!)!)!+".repeat(100)}1}`,
      `\\boxed{\\sin(10^{5000})}`,
      `\\boxed{${"x^".repeat(200)}x}`,
      "$".repeat(5000),
    ];
    for (const bomb of bombs)
      expect(await compareOnThread({ rule: "math-verify", gold: "$5$", answer: bomb }, 1500)).toBe(false);
    expect(await verifyMathematics("$5$", "5")).toBe(true);
  }, 60_000);

  it("keeps no program alive", () => {
    const module = new URL("../../../dist/evaluation/mathematics/verify-mathematics.js", import.meta.url);
    const code = `import { verifyMathematics } from ${JSON.stringify(module.href)};
      console.log(await verifyMathematics("$5$", "5"));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], { timeout: 20_000 });
    expect(output.toString()).toBe("true\n");
  });
});
