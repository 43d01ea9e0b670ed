import { readSafetensors } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { parameterLayout } from "../../src/models/parameter-layout.js";
import { readModelSpec } from "../../src/models/read-model-spec.js";
import { architectures } from "./architectures.js";

describe("parameterLayout", () => {
  it.each(architectures)("names what a checkpoint of %s stores", async (_, folder) => {
    const { spec } = await readModelSpec(folder);
    const stored = readSafetensors(`${folder}/model.safetensors`);
    const expected = [...stored.tensors].map(([name, tensor]) => `${name} ${tensor.shape.join("x")}`);
    const layout = parameterLayout(spec).map(({ name, shape }) => `${name} ${shape.join("x")}`);
    expect(layout.sort()).toEqual(expected.sort());
    stored.dispose();
  });
});
