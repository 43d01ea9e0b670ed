import { existsSync } from "node:fs";
import { join } from "node:path";
import { scope, tensor } from "@one-token/torch";
import { expect, it } from "vitest";
import { plainWriter } from "../../src/models/folder-writer.js";
import { createObjective } from "../../src/objectives/registry.js";
import { findNonFinite, saveRun } from "../../src/training/save-run.js";
import { TrainingModel } from "../../src/training/training-model.js";
import { modelWorkspace } from "../models/model-workspace.js";
import { tinyConfig } from "../models/tiny-config.js";

const { folder, path, init } = modelWorkspace();

it("findNonFinite names the first parameter with NaN or infinity", () => {
  scope(() => {
    const sound = ["sound", tensor([1, -3e38, 0])] as const;
    expect(findNonFinite(new Map([sound]))).toBe(null);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(findNonFinite(new Map([sound, ["spoiled", tensor([0, value])]]))).toBe("spoiled");
    }
  });
});

it("saveRun writes nothing of a model that its last update has ruined", async () => {
  const model = init(tinyConfig());
  scope(() => void model.parameters.get("model.norm.weight")!.detach().narrow(0, 3, 1).fill_(Number.NaN));
  const objective = createObjective({});
  const training = new TrainingModel({
    model,
    objective,
    computeDtype: "float32",
    headChunkBytes: 4096,
    gradientCheckpointing: false,
    seed: 0,
  });
  const config = { saveDtype: "auto", eosToken: null, chatTemplate: null, chatTemplatePath: null } as const;
  await expect(
    saveRun(
      training,
      path("out"),
      { path: path("base"), origin: null, companions: path("base") },
      config,
      plainWriter,
    ),
  ).rejects.toMatchObject({
    code: "NONFINITE_WEIGHTS",
    message: expect.stringContaining("model.norm.weight"),
  });
  expect(existsSync(join(folder(), "out"))).toBe(false);
});
