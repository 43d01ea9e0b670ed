import { describe, expect, it } from "vitest";
import { readModelConfig } from "../../src/models/model-config.js";
import { decoderSpecOf } from "../../src/models/registry.js";
import { trialConfigs } from "../../src/training/calibrate.js";
import { architectures } from "../models/architectures.js";

describe("trialConfigs", () => {
  it.each(architectures)("are models of the family, of one layer and of several: %s", async (_, folder) => {
    const config = await readModelConfig(folder);
    const [one, several] = trialConfigs(config).map(decoderSpecOf);
    expect(one!.layers).toHaveLength(1);
    expect(several!.layers.length).toBeGreaterThan(1);
    const [windows, expected] = [several!, decoderSpecOf(config)].map(({ layers }) =>
      layers.map(({ window }) => window),
    );
    expect(windows!.slice(0, expected!.length)).toEqual(expected!.slice(0, windows!.length));
  });
});
