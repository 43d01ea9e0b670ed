import { describe, expect, it } from "vitest";
import { answersEqual } from "../../../src/evaluation/mathematics/answers-equal.js";
import { parseLatex } from "../../../src/evaluation/mathematics/parse-latex.js";

const equal = (gold: string, answer: string): boolean => answersEqual(parseLatex(gold), parseLatex(answer));

describe("answersEqual", () => {
  it.each([
    ["(-\\infty,0)\\cup(0,\\infty)", "\\mathbb{R}\\setminus\\{0\\}"],
    ["[1,2]\\cup(2,3]", "[1,3]"],
    ["(0,1)\\cup\\{1\\}", "(0,1]"],
    ["x\\ne 2", "(-\\infty,2)\\cup(2,\\infty)"],
    ["3\\ge x>1", "(1,3]"],
    ["y=2x+1", "4x-2y+2=0"],
    ["x<3", "3>x"],
    ["x=1+1=2", "2"],
    ["f(x)=x^2", "x^2"],
    ["\\sin^{-1} x", "\\arcsin x"],
    ["\\sin^{-2} x", "\\csc^2 x"],
    ["1,2", "(2,1)"],
    ["(1,2)", "1,2"],
    ["\\frac{7}{4}", "1\\frac{3}{4}, 1.75"],
    ["2X+1", "2x+1"],
    ["(-1)^{2n}", "1^n"],
    ["\\frac{n!}{(n-2)!}", "n(n-1)"],
  ])("takes %s and %s for the same", (gold, answer) => {
    expect(equal(gold, answer)).toBe(true);
  });

  it.each([
    ["(0,1)\\cup(1,2)", "(0,2)"],
    ["[0,1)", "[0,1]"],
    ["(1,3]", "3\\ge x>1"],
    ["y=2x+1", "y=2x+2"],
    ["x<3", "x>3"],
    ["x<3", "3<x"],
    ["x=1", "y=1"],
    ["R-r", "0"],
    ["(-1)^n", "1"],
    ["\\sqrt{x^2}", "x"],
    ["1,2", "1,2,3"],
    ["(1,2)", "(2,1)"],
    ["(1,2)", "2,1"],
    ["(1,2)", "1<x<2"],
    ["[1,2]", "1,2"],
    ["1", "1,2"],
    ["204_5", "204_6"],
  ])("tells %s and %s apart", (gold, answer) => {
    expect(equal(gold, answer)).toBe(false);
  });
});
