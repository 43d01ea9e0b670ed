import { expect, it } from "vitest";
import { measuringBytes } from "../../src/experiments/measuring-bytes.js";
import { readModelSpec } from "../../src/models/read-model-spec.js";
import { parameterLayout, countNumbers } from "../../src/models/parameter-layout.js";
import { makeRunWorkspace } from "../training/run-workspace.js";

it("counts the weights twice, and keys and values up to what is held at once", async () => {
  const workspace = await makeRunWorkspace();
  const { spec } = await readModelSpec(String(workspace.input().modelNameOrPath));
  await workspace.dispose();
  const weights = 4 * countNumbers(parameterLayout(spec));
  const tokens = (batchSize: number) =>
    measuringBytes(spec, { batchSize, program: 1000 }) - 1000 - 2 * weights;
  expect(tokens(2)).toBe(2 * tokens(1));
  const context = Math.ceil(spec.maxPositionEmbeddings / 32) * 32;
  expect(tokens(1)).toBe(2 * spec.layers.length * spec.numKeyValueHeads * spec.headDim * context * 4);
  expect(tokens(2 ** 40)).toBe(2 ** 31);
});
