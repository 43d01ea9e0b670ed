import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { readModelConfig } from "../../src/models/model-config.js";
import { decoderSpecOf } from "../../src/models/registry.js";
import { createObjective } from "../../src/objectives/registry.js";
import { adapterSettings } from "../../src/training/adapter-settings.js";
import { calibrate, trialConfigs } from "../../src/training/calibrate.js";
import { architectures } from "../models/architectures.js";

const reference = (name: string) =>
  fileURLToPath(new URL(`../references/architectures/${name}`, import.meta.url));

/** Options are checked for a tokenizer, which no reference has. */
const tokenized = fileURLToPath(new URL("../../../../demo/base-model", import.meta.url));

describe("calibrate", () => {
  it.each([
    ["gemma", "all-linear"],
    ["gemma", ["lm_head", "embed_tokens"]],
    ["gemma", "model\\.layers\\.1\\.mlp.*"],
    // Its first layer has no experts.
    ["qwen3_moe", "all-linear"],
    ["qwen3_moe", ".*experts.*"],
    ["mixtral", ["w1", "w3", "q_proj"]],
  ])("takes the time of adapters beside %s, on %j", async (name, targetModules) => {
    const modelConfig = await readModelConfig(reference(name));
    const plain = { modulesToSave: [], useRslora: false, useDora: false };
    const lora = { rank: 2, alpha: 4, dropout: 0, targetModules, ...plain };
    const inputIds = Int32Array.of(3, 4, 5, 6);
    const dataset = `${reference(name)}/config.json`;
    const { token, update } = calibrate({
      config: resolveTrainConfig({ modelNameOrPath: tokenized, dataset, outputDir: "out" }),
      modelConfig,
      adapter: adapterSettings(lora, null, decoderSpecOf(modelConfig)),
      objective: createObjective({ lossType: "nll" }),
      computeDtype: "float32",
      device: "cpu",
      samples: [[{ id: 0, inputIds, labels: inputIds }]],
    });
    expect(token + update).toBeGreaterThan(0);
  });
});

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
