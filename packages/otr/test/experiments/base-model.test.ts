import { cpSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { baseFolderName, baseModelOf } from "../../src/experiments/base-model.js";
import { makeComparisonWorkspace } from "./comparison-workspace.js";

let workspace: Awaited<ReturnType<typeof makeComparisonWorkspace>>;
beforeAll(async () => {
  workspace = await makeComparisonWorkspace();
});
afterAll(() => workspace.dispose());

it("is measured with the adapter that runs begin with", () => {
  const config = workspace.config();
  const adapter = workspace.path("adapter");
  const with_ = { ...config, train: { ...config.train, adapterNameOrPath: adapter } };
  expect(baseModelOf(config, "base")).toMatchObject({ revision: null, adapter: null });
  expect(baseModelOf(with_, "base")).toMatchObject({ path: config.models.get("base"), adapter });
});

it("has a folder of its own for each model, revision and adapter, and for each content of them", () => {
  const base = baseModelOf(workspace.config(), "base");
  const adapter = workspace.path("adapter");
  cpSync(base.path, adapter, { recursive: true });
  const nameWith = (content: string) => {
    writeFileSync(`${adapter}/adapter_model.safetensors`, content);
    return baseFolderName({ ...base, adapter });
  };
  const names = [
    baseFolderName(base),
    baseFolderName({ ...base, revision: "v1" }),
    baseFolderName({ ...base, path: "somebody/model" }),
    nameWith("one"),
    nameWith("two"),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(nameWith("two")).toBe(names.at(-1));
});
