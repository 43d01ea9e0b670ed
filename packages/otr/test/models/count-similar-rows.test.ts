import { type DType, scope, tensor } from "@one-token/torch";
import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { countSimilarRows } from "../../src/models/count-similar-rows.js";
import { modelWorkspace } from "./model-workspace.js";

const { folder, path, writeWeights } = modelWorkspace();
const NAME = "lm_head.weight";
const ROWS = [
  [1, 2],
  [1.001, 2.001],
  [0, 0],
  [-1, 2],
  [0.999, 2],
];
const write = (dtype: DType, file?: string) =>
  scope(() => writeWeights(new Map([[NAME, tensor(ROWS.flat(), { shape: [5, 2] }).to(dtype)]]), file));

describe("countSimilarRows", () => {
  it.each(["float32", "float64", "bfloat16", "float16"] as const)("counts rows of %s", async (dtype) => {
    write(dtype);
    const counts = await Promise.all(ROWS.map((_, row) => countSimilarRows(folder(), NAME, row)));
    expect(counts).toEqual([
      { similar: 2, isZero: false },
      { similar: 2, isZero: false },
      { similar: 0, isZero: true },
      { similar: 0, isZero: false },
      { similar: 2, isZero: false },
    ]);
  });

  it("finds the matrix among shards", async () => {
    write("float32", "b.safetensors");
    scope(() => writeWeights(new Map([["other", tensor([1])]]), "a.safetensors"));
    const index = { weight_map: { other: "a.safetensors", [NAME]: "b.safetensors" } };
    await writeFile(path("model.safetensors.index.json"), JSON.stringify(index));
    expect(await countSimilarRows(folder(), NAME, 3)).toEqual({ similar: 0, isZero: false });
  });

  it("knows nothing of rows that are not there, and of weights that are none", async () => {
    expect(await countSimilarRows(folder(), NAME, 0)).toBeNull();
    write("float32");
    expect(await countSimilarRows(folder(), NAME, 5)).toBeNull();
    expect(await countSimilarRows(folder(), "other", 0)).toBeNull();
    await writeFile(path("model.safetensors"), "these are no weights");
    expect(await countSimilarRows(folder(), NAME, 0)).toBeNull();
  });
});
