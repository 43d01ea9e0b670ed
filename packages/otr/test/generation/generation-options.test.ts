import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { resolveGenerationOptions } from "../../src/generation/generation-options.js";

describe("resolveGenerationOptions", () => {
  it("is greedy by default and keeps what is given", () => {
    expect(resolveGenerationOptions({ topK: 5 })).toEqual({
      temperature: 0,
      topK: 5,
      topP: 1,
      minP: 0,
      repetitionPenalty: 1,
      seed: 42,
      maxNewTokens: 256,
      numReturnSequences: 1,
      batchSize: 64,
      kvCacheBytes: 2 * 1024 ** 3,
    });
  });

  it.each([-1, 1e-300, 1e300, Number.NaN])(
    "refuses temperature %d, whose division is not finite",
    (temperature) => {
      expect(() => resolveGenerationOptions({ temperature })).toThrow(/0\.001 to 1000/);
    },
  );

  it("refuses options that do not exist", () => {
    const misspelt = { topK: 0, maxNewToken: 8, maxTokens: 8 };
    expect(() => resolveGenerationOptions(misspelt)).toThrow(
      /^maxNewToken: .*Did you mean maxNewTokens\?\nmaxTokens: .*Did you mean maxNewTokens\?$/,
    );
  });

  it("reports every value out of range together", () => {
    const resolve = () =>
      resolveGenerationOptions({
        temperature: -1,
        topK: 1.5,
        topP: 0,
        minP: Number.NaN,
        repetitionPenalty: 0,
        seed: 2 ** 60,
        maxNewTokens: 0,
        batchSize: 0,
      });
    expect(resolve).toThrow(ConfigError);
    for (const name of ["temperature", "topK", "topP", "minP", "repetitionPenalty", "seed", "maxNewTokens"]) {
      expect(resolve).toThrow(name);
    }
  });
});
