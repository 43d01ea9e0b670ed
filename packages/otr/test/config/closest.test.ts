import { describe, expect, it } from "vitest";
import { closest, editDistance } from "../../src/config/closest.js";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["train", "trian", 1],
    ["ca", "abc", 3],
    ["abc", "", 3],
  ])("%s to %s is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe("closest", () => {
  const options = ["learningRate", "lossType", "maxSteps", "loggingSteps"];

  it("finds the nearest word whatever the case and the hyphens", () => {
    expect(closest("learing_rate", options)).toBe("learningRate");
    expect(closest("LOSS-TYP", options)).toBe("lossType");
    expect(closest("max_step", options)).toBe("maxSteps");
  });

  it("suggests nothing far away", () => {
    expect(closest("banana", options)).toBeNull();
    expect(closest("xy", options)).toBeNull();
    expect(closest("seedling", ["seed"])).toBeNull();
    expect(closest("x", [])).toBeNull();
  });
});
