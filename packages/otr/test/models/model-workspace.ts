/** @file A folder and models for one test, freed after it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noGrad, scope, type Tensor, writeSafetensors } from "@one-token/torch";
import { afterEach, beforeEach } from "vitest";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { type LoadModelOptions, loadModel } from "../../src/models/load-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";

/** Registers set-up and clean-up; use once in a test file. */
export function modelWorkspace() {
  let folder = "";
  const models: CausalLM[] = [];
  const track = (model: CausalLM) => {
    models.push(model);
    return model;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "otr-model-"));
  });
  afterEach(async () => {
    for (const model of models.splice(0)) model.dispose();
    await rm(folder, { recursive: true });
  });
  const path = (name: string) => join(folder, name);
  return {
    path,
    folder: () => folder,
    load: async (from: string, options?: LoadModelOptions) => track(await loadModel(from, options)),
    init: (config: Record<string, unknown>, seed = 1) => track(initModel(parseModelConfig(config), { seed })),
    writeConfig: (config: Record<string, unknown>) => writeFile(path("config.json"), JSON.stringify(config)),
    writeWeights: (weights: ReadonlyMap<string, Tensor>, name = "model.safetensors") =>
      scope(() =>
        writeSafetensors(path(name), new Map([...weights].map(([key, value]) => [key, value.detach()]))),
      ),
  };
}

/** Logits of one fixed row of tokens below 19. */
export const logitsOf = (model: CausalLM): number[] =>
  scope(() =>
    noGrad(() => model.logits(model.forward(packRows([{ inputIds: Int32Array.of(1, 5, 9, 3) }]))).toArray()),
  );
