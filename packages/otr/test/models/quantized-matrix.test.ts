import { aten, liveTensorCount, scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { initModel } from "../../src/models/init-model.js";
import { loadModel } from "../../src/models/load-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { isProjection } from "../../src/models/parameter-layout.js";
import { type Quantization, QuantizedMatrix, quantizedBytes } from "../../src/models/quantized-matrix.js";
import { quantizeModel } from "../../src/models/quantize-model.js";
import { saveModel } from "../../src/models/save-model.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { folder } = modelWorkspace();

const normalMatrix = (rows: number, columns: number) => {
  const angle = (index: number) => Math.sin(index * 12.9898) * 43758.5453;
  const uniform = (index: number) => angle(index) - Math.floor(angle(index)) || 0.5;
  const values = Array.from(
    { length: rows * columns },
    (_, i) => Math.sqrt(-2 * Math.log(uniform(2 * i + 1))) * Math.cos(2 * Math.PI * uniform(2 * i + 2)),
  );
  return tensor(values, { shape: [rows, columns] });
};

const FORMS: [string, Quantization, number][] = [
  ["nf4", { format: "nf4", nested: false }, 0.1],
  ["nf4, nested", { format: "nf4", nested: true }, 0.1],
  ["int8", { format: "int8", nested: false }, 0.01],
];

describe.each(FORMS)("QuantizedMatrix (%s)", (_, quantization, tolerance) => {
  it("is near the matrix, and holds the bytes that were counted", () => {
    scope(() => {
      const weight = normalMatrix(96, 160);
      const before = liveTensorCount();
      const matrix = QuantizedMatrix.of(weight, quantization);
      const held = liveTensorCount() - before;
      const error = aten.linalg_vector_norm(matrix.dequantize("float32").sub(weight)).item();
      expect(error / aten.linalg_vector_norm(weight).item()).toBeLessThan(tolerance);
      expect(matrix.bytes).toBe(quantizedBytes(quantization, 96 * 160, 96));
      const others = liveTensorCount() - held;
      matrix.dispose();
      expect(liveTensorCount()).toBe(others);
      expect(held).toBe(quantization.nested ? 3 : 2);
    });
  });

  it("survives zeros", () => {
    scope(() => {
      const matrix = QuantizedMatrix.of(tensor(Array(256).fill(0), { shape: [2, 128] }), quantization);
      expect(new Set(aten.abs(matrix.dequantize("float32")).toArray())).toEqual(new Set([0]));
      matrix.dispose();
    });
  });

  it("makes up a model: loaded and converted alike, near the whole one, projections only", async () => {
    const config = parseModelConfig(
      tinyConfig({ hidden_size: 64, intermediate_size: 96, initializer_range: 0.2 }),
    );
    const model = initModel(config, { seed: 5, trainable: false });
    const expected = logitsOf(model);
    await saveModel(model, folder());
    const converted = quantizeModel(model, quantization);
    const loaded = await loadModel(folder(), { quantization });
    const actual = logitsOf(loaded);
    expect(actual).toEqual(logitsOf(converted));
    const norm = (values: number[]) => Math.hypot(...values);
    const error = norm(actual.map((value, index) => value - expected[index]!)) / norm(expected);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(5 * tolerance);
    for (const name of loaded.quantized.keys()) expect(loaded.parameters.has(name), name).toBe(false);
    expect([...loaded.parameters].some(([name, { shape }]) => isProjection(name, shape))).toBe(false);
    loaded.dispose();
    converted.dispose();
  });
});
