import { expect, it } from "vitest";
import { formatDefault, formatValue } from "../../src/config/format-value.js";

it.each([
  [2e-5, "2e-5"],
  [0.001, "0.001"],
  [0, "0"],
  [-0.1, "-0.1"],
  [67_108_864, "67108864"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  ["fast", '"fast"'],
  ["", "no value"],
  [undefined, "no value"],
  [null, "null"],
  [true, "true"],
  [["a"], '["a"]'],
  [1n, "1n"],
])("shows %o as %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

it("cuts long texts", () => {
  expect(formatValue("x".repeat(500))).toHaveLength(80);
});

it("shows defaults without quotes", () => {
  expect(formatDefault("auto")).toBe("auto");
  expect(formatDefault(1e-8)).toBe("1e-8");
});
