import { describe, it } from "vitest";
import { normalQuantile, normalUpperTail } from "../../../src/evaluation/statistics/normal-distribution.js";
import { expectNear, references } from "./references.js";

describe("normalQuantile", () => {
  it("is scipy's", () => {
    for (const { p, x } of references.normal) expectNear(normalQuantile(p), x);
  });
});

describe("normalUpperTail", () => {
  it("is scipy's, small tails included", () => {
    for (const { x, p } of references.normalTail) expectNear(normalUpperTail(x), p, 1e-11);
  });
});
