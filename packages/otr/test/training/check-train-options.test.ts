import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { dft } from "../../src/objectives/dft.js";
import { checkTrainOptions } from "../../src/training/check-train-options.js";

describe("checkTrainOptions", () => {
  it("accepts functions and an objective, some of them or none", () => {
    for (const options of [
      {},
      { onEvent() {} },
      { onEvent: undefined, shouldStop: () => false, objective: dft() },
    ]) {
      expect(() => checkTrainOptions(options)).not.toThrow();
    }
  });

  it.each([
    [{ onEvnt() {} }, /^onEvnt: .* Did you mean onEvent\?$/],
    [
      { signal: null },
      /^signal: .* Known are onEvent, shouldStop, objective; options of training stand in the first/,
    ],
    [{ onEvent: "log" }, /^onEvent: found "log", but needs a function\.$/],
    [{ a: 1, shouldStop: true }, /^a: .*\nshouldStop: found true/],
    [{ objective: "otr" }, /^objective: found "otr", but needs an Objective: an object with lossType, /],
    [
      { objective: { lossType: "own", samples: "no", rewards: false, valueLossCoef: "1" } },
      /^objective.samples: found "no", but needs a boolean\.\nobjective.valueLossCoef: .* a number or null\.\nobjective.evaluate: found no value, but needs a function\.$/,
    ],
    [null, /^options: found null/],
    ["quiet", /^options: found "quiet", but the second argument is an object/],
  ])("refuses %o", (options, message) => {
    expect(() => checkTrainOptions(options)).toThrow(ConfigError);
    expect(() => checkTrainOptions(options)).toThrow(message);
  });
});
