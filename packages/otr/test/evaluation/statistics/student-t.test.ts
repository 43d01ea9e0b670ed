import { describe, expect, it } from "vitest";
import { studentQuantile, studentUpperTail } from "../../../src/evaluation/statistics/student-t.js";
import { expectNear, references } from "./references.js";

describe("studentQuantile", () => {
  it("is scipy's", () => {
    for (const { p, freedom, t } of references.t) expectNear(studentQuantile(p, freedom), t);
  });

  it("is the tangent's for one degree of freedom", () => {
    expectNear(studentQuantile(0.975, 1), Math.tan(Math.PI * 0.475));
  });
});

describe("studentUpperTail", () => {
  it("is scipy's", () => {
    for (const { t, freedom, p } of references.tTail) expectNear(studentUpperTail(t, freedom), p);
  });

  it("falls as t grows", () => {
    const tails = [0, 1e-9, 0.3, 2, 40, 1e6, Number.MAX_VALUE].map((t) => studentUpperTail(t, 5));
    expect(tails).toEqual([...tails].sort((a, b) => b - a));
  });
});
