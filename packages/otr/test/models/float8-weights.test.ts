import { readFile } from "node:fs/promises";
import { aten, scope, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { isScalesOf, scaledWeight } from "../../src/models/float8-weights.js";
import type { StoredTensor } from "../../src/models/stored-weights.js";
import { saveModel } from "../../src/models/save-model.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { folder, path, init, load, writeConfig, writeWeights } = modelWorkspace();

const PROJECTION = /_proj\.weight$/;
const float8 = (values: readonly number[], shape: number[]) =>
  tensor([...values], { shape }).to("float8_e4m3fn");
const storedTensor = (stored: Tensor): StoredTensor => ({
  shape: stored.shape,
  dtype: stored.dtype,
  load: () => stored,
});

describe("scaledWeight", () => {
  it.each([
    ["one number", [2], [], [2, 2]],
    ["blocks of 2 x 2", [1, 10, 100, 1000], [2, 2], [2, 2]],
    ["blocks of 2 x 3, the last ones smaller", [1, 10, 100, 1000], [2, 2], [2, 3]],
  ] as const)("multiplies float8 by its scales (%s)", (_, numbers, shape, block) => {
    scope(() => {
      const weight = float8([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [3, 4]);
      const scales = tensor([...numbers], { shape: [...shape] });
      const stored = new Map([
        ["w", storedTensor(weight)],
        ["w_scale_inv", storedTensor(scales)],
      ]);
      const factor = (row: number, column: number) =>
        shape.length === 0
          ? numbers[0]!
          : numbers[2 * Math.floor(row / block[0]) + Math.floor(column / block[1])]!;
      const expected = Array.from({ length: 12 }, (_, i) => (i + 1) * factor(Math.floor(i / 4), i % 4));
      expect(scaledWeight("w", storedTensor(weight), stored, block).toArray()).toEqual(expected);
      expect(isScalesOf("w_scale_inv", stored)).toBe(true);
      expect(isScalesOf("v_scale_inv", stored)).toBe(false);
    });
  });

  it("leaves other weights alone, and refuses scales that do not fit", () => {
    scope(() => {
      const weight = float8(Array(12).fill(1), [3, 4]);
      expect(scaledWeight("w", storedTensor(weight), new Map(), null)).toBe(weight);
      const stored = (shape: number[]) =>
        new Map([
          ["w_scale_inv", storedTensor(tensor(Array(shape.reduce((a, b) => a * b, 1)).fill(1), { shape }))],
        ]);
      expect(() => scaledWeight("w", storedTensor(weight), new Map(), [2, 2])).toThrow(
        /w_scale_inv is missing/,
      );
      for (const shape of [[5, 2], [4], [1, 2, 2]]) {
        expect(() => scaledWeight("w", storedTensor(weight), stored(shape), [2, 2])).toThrow(
          /the \(3, 4\) of its weight in blocks of 2 by 2 need \(2, 2\)/,
        );
      }
    });
  });
});

describe("a model in float8", () => {
  it("is loaded with its scales, and saved as plain bfloat16", async () => {
    const model = init(tinyConfig());
    const weights = new Map<string, Tensor>();
    const expected = new Map<string, Tensor>();
    scope(() => {
      for (const [name, parameter] of model.parameters) {
        const plain = parameter.detach();
        if (!PROJECTION.test(name)) {
          weights.set(name, plain);
          continue;
        }
        const narrow = plain.div(0.25).to("float8_e4m3fn");
        weights.set(name, narrow);
        weights.set(`${name}_scale_inv`, tensor([0.25], { shape: [1, 1] }));
        expected.set(name, narrow.to("float32").mul(0.25));
      }
      writeWeights(weights);
      for (const [name, value] of expected) aten.copy_(model.parameters.get(name)!.detach(), value);
    });
    await writeConfig(tinyConfig({ quantization_config: { quant_method: "fp8" } }));
    const loaded = await load(folder());
    expect(logitsOf(loaded)).toEqual(logitsOf(model));
    await saveModel(loaded, path("saved"), { dtype: "bfloat16" });
    const config = JSON.parse(await readFile(path("saved/config.json"), "utf8"));
    expect(config).not.toHaveProperty("quantization_config");
    // Four bits of precision and a power of two: bfloat16 holds each number.
    const again = await load(path("saved"), { dtype: "float32" });
    for (const [name, value] of again.parameters) {
      if (PROJECTION.test(name))
        scope(() => expect(aten.equal(value, loaded.parameters.get(name)!), name).toBe(true));
    }
  });

  it("without scales is held in bfloat16 where the file says nothing", async () => {
    const model = init(tinyConfig());
    const { dtype: _, ...config } = tinyConfig();
    scope(() =>
      writeWeights(
        new Map(
          [...model.parameters].map(([name, parameter]) => [name, parameter.detach().to("float8_e5m2")]),
        ),
      ),
    );
    await writeConfig(config);
    const loaded = await load(folder());
    expect([loaded.dtype, loaded.storedDType]).toEqual(["bfloat16", "bfloat16"]);
  });
});
