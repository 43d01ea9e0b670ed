import { describe, expect, it } from "vitest";
import { exactValue } from "../../../src/evaluation/mathematics/exact-value.js";
import { LatexSyntaxError } from "../../../src/evaluation/mathematics/tokenize-latex.js";
import { parseLatex } from "../../../src/evaluation/mathematics/parse-latex.js";

describe("parseLatex", () => {
  it.each([
    ["1+2\\cdot 3", 7, 1],
    ["-2^2", -4, 1],
    ["(-2)^{2}", 4, 1],
    ["2^{-3}", 1, 8],
    ["2^-3", 1, 8],
    ["1/2/2", 1, 4],
    ["8/2(2)", 2, 1],
    ["1\\frac{3}{4}", 7, 4],
    ["-1\\frac{3}{4}", -7, 4],
    ["2\\cdot\\frac{3}{4}", 3, 2],
    ["5!", 120, 1],
    ["\\binom{5}{2}", 10, 1],
    ["\\lfloor -2.5\\rfloor", -3, 1],
    ["\\lceil 2.5\\rceil", 3, 1],
    ["|{-3}|", 3, 1],
    ["|1-|2-5||", 2, 1],
    ["1,234,567.5", 2469135, 2],
    ["5\\,000", 5000, 1],
    ["12\\%", 3, 25],
    ["90^\\circ", 90, 1],
    ["90^{\\circ}", 90, 1],
    ["\\textbf{5}", 5, 1],
    ["3:4", 3, 4],
    ["0^0+1", null, null],
    ["1/0", null, null],
  ])("computes %s", (latex, numerator, denominator) => {
    const value = exactValue(parseLatex(latex));
    if (numerator === null) expect(value).toBeNull();
    else expect(value).toEqual({ numerator: BigInt(numerator), denominator: BigInt(denominator!) });
  });

  it.each([
    ["3,5,7", "set"],
    ["\\{1,2\\}", "set"],
    ["\\emptyset", "set"],
    ["1 \\pm 2", "set"],
    ["(1,2,3)", "tuple"],
    ["(1,2)", "interval"],
    ["[0,\\infty)", "interval"],
    ["(-\\infty,0)\\cup(0,1]", "union"],
    ["\\mathbb{R}\\setminus\\{0\\}", "difference"],
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "matrix"],
    ["1<x\\le 2", "relation"],
    ["x=\\pm 3", "relation"],
    ["\\text{Evelyn}", "symbol"],
    ["x_{12}", "symbol"],
    ["\\sqrt[3]{x}", "power"],
    ["\\sin^2 x", "power"],
    ["\\log_2 8", "quotient"],
  ])("reads %s as a %s", (latex, kind) => {
    expect(parseLatex(latex).kind).toBe(kind);
  });

  it.each([
    "",
    "1+",
    "2 3",
    "(1",
    "(1,2,3]",
    "\\frac{1}",
    "\\unknown",
    "1+\\cdots+n",
    "\\{x|x>1\\}",
    "#",
    "\\text{a",
    "\\begin{pmatrix}1&2\\\\3\\end{pmatrix}",
    "\\mathbb{X}",
    "\\mathbb{constructor}",
    "\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}",
    `${"(".repeat(100)}1${")".repeat(100)}`,
    `${"1+".repeat(3000)}1`,
  ])("refuses %s", (latex) => {
    expect(() => parseLatex(latex)).toThrow(LatexSyntaxError);
  });

  it("gives up on numbers too large to compute exactly", () => {
    for (const latex of ["10^{10^{10}}", "(10^{1000})!", "2^{2^{2^{2^{2}}}}", "\\binom{10^9}{10^6}"]) {
      expect(exactValue(parseLatex(latex))).toBeNull();
    }
  });
});
