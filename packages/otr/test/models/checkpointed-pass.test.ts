import {
  aten,
  Generator,
  liveTensorCount,
  maxMemoryAllocated,
  memoryAllocated,
  noGrad,
  resetPeakMemoryStats,
  scope,
  type Tensor,
} from "@one-token/torch";
import { afterAll, describe, expect, it } from "vitest";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { tinyConfig } from "./tiny-config.js";

// Qwen 2 has biases, which are no matrices: autograd adds their gradients.
const config = parseModelConfig(
  tinyConfig({ model_type: "qwen2", hidden_size: 64, intermediate_size: 256, num_hidden_layers: 16 }),
);
const model = initModel(config, { seed: 2, dtype: "float32" });
scope(() =>
  noGrad(() => {
    const generator = new Generator({ seed: 3 });
    for (const parameter of model.parameters.values()) {
      if (parameter.shape.length === 1) aten.uniform_(parameter, 0.5, 1.5, { generator }); // no norm like another
    }
  }),
);
afterAll(() => model.dispose());
const rowsOf = (count: number, length: number) =>
  Array.from({ length: count }, (_, id) => ({
    inputIds: Int32Array.from({ length }, (_, at) => 3 + ((id * 7 + at * 5) % 16)),
  }));

/** Gradients of the sum of the hidden states' squares, by name. */
function gradientsOf(backPropagate: () => void): Map<string, number[]> {
  for (const parameter of model.parameters.values()) parameter.grad = null;
  scope(backPropagate);
  return scope(
    () => new Map([...model.parameters].map(([name, parameter]) => [name, parameter.grad!.toArray()])),
  );
}

describe("CheckpointedPass", () => {
  it.each([
    ["float32", 0],
    ["float32", 1],
    ["float32", 16],
    ["bfloat16", 0],
    ["bfloat16", 5],
  ] as const)(
    "gives the gradients of a recorded pass in %s, with %d layers recorded",
    (computeDtype, layers) => {
      const rows = rowsOf(5, 9);
      const slope = (hidden: Tensor) => noGrad(() => hidden.mul(2));
      const recorded = gradientsOf(() => {
        const hidden = model.forward(packRows(rows), { computeDtype });
        hidden.backward(slope(hidden));
      });
      const checkpointed = gradientsOf(() => {
        const pass = model.forwardCheckpointed(packRows(rows), { computeDtype }, layers);
        expect(pass.hidden.requiresGrad).toBe(layers > 0);
        pass.backward(slope(pass.hidden));
      });
      const differing = [...recorded].filter(([name, values]) => {
        const other = checkpointed.get(name)!;
        return values.some((value, at) => value !== other[at]);
      });
      expect(differing.map(([name]) => name)).toEqual([]);
      expect(Math.max(...checkpointed.get("model.layers.0.self_attn.q_proj.bias")!)).toBeGreaterThan(0);
    },
  );

  it.each([0, 3])("keeps one tensor a layer, and frees all in its backward pass (%d recorded)", (layers) => {
    scope(() => {
      const packed = packRows(rowsOf(1, 4));
      model.forwardCheckpointed(packed).hidden.dispose(); // what every pass makes: rotary tables
      const before = liveTensorCount();
      scope(() => {
        const pass = model.forwardCheckpointed(packed, {}, layers);
        const kept = liveTensorCount();
        const gradient = pass.hidden.clone();
        pass.backward(gradient);
        gradient.dispose();
        // Of the recorded layers, what enters the first of them, its norm, and the result.
        expect(kept - liveTensorCount()).toBe(config.numHiddenLayers - layers + (layers > 0 ? 3 : 0));
      });
      expect(liveTensorCount()).toBe(before);
    });
  });

  it("needs a fraction of the memory of a recorded pass", () => {
    for (const parameter of model.parameters.values()) parameter.grad = null;
    scope(() => {
      const packed = packRows(rowsOf(128, 64));
      const ones = noGrad(() => aten.ones([packed.lengths.length * 64, config.hiddenSize]));
      const peak = (backPropagate: () => void) => {
        const before = memoryAllocated();
        resetPeakMemoryStats();
        scope(backPropagate);
        return (maxMemoryAllocated() - before) / 2 ** 20;
      };
      const checkpointed = peak(() => model.forwardCheckpointed(packed).backward(ones));
      const recorded = peak(() => model.forward(packed).backward(ones));
      console.log(`peak: ${checkpointed.toFixed(0)} MiB checkpointed, ${recorded.toFixed(0)} MiB recorded`);
      expect(checkpointed).toBeLessThan(recorded / 2);
    });
  });
});
