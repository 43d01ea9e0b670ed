import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mathVerify } from "../../../src/evaluation/mathematics/math-verify.js";
import { hasShared, shared } from "../../shared.js";
import { mathVerifyPairs } from "./references.js";
import { seededRandom } from "./seeded-random.js";

/** The rows of the table in the documentation: `reference | output | math-verify | here`. */
function documentedDisagreements(): string[] {
  const page = readFileSync(
    new URL("../../../../../docs/mathematical-equivalence.md", import.meta.url),
    "utf8",
  );
  return page.split("\n").filter((line) => /^\| `.*\| (equal|different) \|/.test(line));
}

const verdict = (isEqual: boolean): string => (isEqual ? "equal" : "different");

describe("mathVerify", () => {
  it("agrees with math-verify but for the pairs that the documentation lists", () => {
    const disagreements = mathVerifyPairs
      .map(({ gold, response, equal }) => ({
        gold,
        response,
        equal,
        found: mathVerify(`$${gold}$`, response),
      }))
      .filter(({ equal, found }) => found !== equal)
      .map(
        ({ gold, response, equal, found }) =>
          `| \`${gold}\` | \`${response}\` | ${verdict(equal)} | ${verdict(found)} |`,
      );
    expect(documentedDisagreements()).toEqual(disagreements);
    expect(disagreements.length).toBeLessThan(mathVerifyPairs.length * 0.02);
  });

  it.skipIf(!hasShared)("agrees with math-verify on every pair of the reference material", () => {
    const pairs: { gold: string; response: string; equal: boolean }[] = JSON.parse(
      readFileSync(shared("reference/math_equivalence.json"), "utf8"),
    );
    const disagreements = pairs.filter(
      ({ gold, response, equal }) => mathVerify(`$${gold}$`, response) !== equal,
    );
    expect(disagreements).toEqual([]);
    expect(pairs.length).toBe(1290);
  });

  it("never takes a number for another", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 150; round++) {
      const digits = String(1 + random(10 ** (1 + random(9))));
      const places = random(9);
      const number = BigInt(digits);
      const near = number + BigInt(1 + random(3));
      const point = (value: bigint) => {
        const text = value.toString().padStart(places + 1, "0");
        return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
      };
      const forms = (value: bigint) => [
        point(value),
        `${point(value)}0`,
        `-${point(value)}`,
        `\\frac{${value}}{${10n ** BigInt(places)}}`,
        `${value}\\sqrt{2}`,
        `\\sqrt{${value * value + 1n}}`,
        `(${point(value)}, 1)`,
        `x = ${point(value)}`,
      ];
      const [gold, wrong] = [forms(number), forms(near)];
      for (const [index, form] of gold.entries()) {
        const context = `${form} and ${wrong[index]}`;
        expect(mathVerify(`$${form}$`, `So \\boxed{${wrong[index]}}`), context).toBe(false);
        expect(mathVerify(`$${form}$`, `So \\boxed{${form} }`), form).toBe(true);
      }
    }
  });

  it("tells numbers apart that double precision cannot", () => {
    expect(mathVerify("$1000000000$", "\\boxed{\\sqrt{1000000000000000001}}")).toBe(false);
    expect(mathVerify("$10^{40}$", "\\boxed{10^{40}+1}")).toBe(false);
    expect(mathVerify("$0$", "\\boxed{e^{-100}}")).toBe(false);
    expect(mathVerify("$\\sqrt{5+2\\sqrt{6}}$", "\\boxed{\\sqrt{2}+\\sqrt{3}}")).toBe(true);
    expect(mathVerify("$\\sin^2 x+\\cos^2 x-1$", "\\boxed{0}")).toBe(true);
  });

  it("takes a decimal number for what rounds to it at 6 places or more, and no further than its last place", () => {
    const third = (answer: string) => mathVerify("$\\frac{1}{3}$", `\\boxed{${answer}}`);
    expect(["0.333333", "0.33333333"].map(third)).toEqual([true, true]);
    expect(["0.33333", "0.333334", "0.33333349"].map(third)).toEqual([false, false, false]);
    // math-verify says that these are equal.
    expect(mathVerify("$.0000672$", "\\boxed{.0000671}")).toBe(false);
  });

  it("finds nothing equal to an empty text, or to one without an answer", () => {
    for (const output of ["", " ", "no idea", "$$", "\\boxed{}"])
      expect(mathVerify("$5$", output)).toBe(false);
    expect(mathVerify("", "")).toBe(false);
  });

  it("survives any text, and finds an answer equal to itself", () => {
    const random = seededRandom(5);
    const pieces = (
      "\\frac \\sqrt { } ( ) [ ] $ \\boxed{ \\left \\right ^ _ + - = < > , ; | \\| x y e \\pi 0 1 23 .5 7. \\% % \\pm \\cup \\in ! ' " +
      "\\begin{pmatrix} \\\\ & \\end{pmatrix} \\text{a} \\log \\sin \\infty \\mathbb{R} \\setminus \\{ \\} answer is: 文 👋 \\ \n \\[ \\] \\( \\)"
    ).split(" ");
    for (let round = 0; round < 600; round++) {
      const text = Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join(
        random(2) === 0 ? " " : "",
      );
      const start = performance.now();
      mathVerify(text, `the final answer is ${text}`);
      expect(mathVerify("$5$", `${text} \\boxed{6} is it`), text).toBe(false);
      expect(performance.now() - start, text).toBeLessThan(2000);
    }
  });
});
