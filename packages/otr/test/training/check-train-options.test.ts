import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { checkTrainOptions } from "../../src/training/check-train-options.js";

describe("checkTrainOptions", () => {
  it("accepts both functions, one or none", () => {
    for (const options of [{}, { onEvent() {} }, { onEvent: undefined, shouldStop: () => false }]) {
      expect(() => checkTrainOptions(options)).not.toThrow();
    }
  });

  it.each([
    [{ onEvnt() {} }, /^onEvnt: .* Did you mean onEvent\?$/],
    [
      { signal: null },
      /^signal: .* Known are onEvent and shouldStop; options of training stand in the first/,
    ],
    [{ onEvent: "log" }, /^onEvent: found "log", but needs a function\.$/],
    [{ a: 1, shouldStop: true }, /^a: .*\nshouldStop: found true/],
    [null, /^options: found null/],
    ["quiet", /^options: found "quiet", but the second argument is an object/],
  ])("refuses %o", (options, message) => {
    expect(() => checkTrainOptions(options)).toThrow(ConfigError);
    expect(() => checkTrainOptions(options)).toThrow(message);
  });
});
