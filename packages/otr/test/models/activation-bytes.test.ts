import { memoryAllocated, scope } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { activationBytes } from "../../src/models/activation-bytes.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { tinyConfig } from "./tiny-config.js";

/** Of widths at which every activation is a block that {@link memoryAllocated} counts. */
const config = (changes: Record<string, unknown>) =>
  tinyConfig({
    hidden_size: 256,
    intermediate_size: 640,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    max_position_embeddings: 1024,
    ...changes,
  });

const lengths = [500, 700, 700];
const tokens = 1900;

/** What a recorded forward pass keeps. */
function keptBytes(changes: Record<string, unknown>, computeDtype: "float32" | "bfloat16"): number {
  const model = initModel(parseModelConfig(config(changes)), { seed: 1 });
  const copies = computeDtype === "float32" ? new Map() : model.copyMatrices(computeDtype);
  try {
    return scope(() => {
      const packed = packRows(lengths.map((length) => ({ inputIds: new Int32Array(length).fill(3) })));
      const before = memoryAllocated();
      model.forward(packed, { computeDtype, copies });
      return memoryAllocated() - before;
    });
  } finally {
    for (const copy of copies.values()) copy.dispose();
    model.dispose();
  }
}

describe.each([
  ["llama", {}],
  ["llama with biases", { attention_bias: true, mlp_bias: true }],
  ["qwen3", { model_type: "qwen3", head_dim: 32 }],
  ["gemma2", { model_type: "gemma2", head_dim: 32 }],
  ["olmo2", { model_type: "olmo2" }],
  ["phi3", { model_type: "phi3" }],
])("activations of a %s layer", (_, changes) => {
  it.each([
    ["float32", 4],
    ["bfloat16", 2],
  ] as const)("are what autograd keeps in %s", (dtype, itemSize) => {
    const kept = (layers: number) => keptBytes({ ...changes, num_hidden_layers: layers }, dtype);
    const { spec } = specOf(changes);
    const { layer, base } = activationBytes(spec, { tokens, itemSize });
    const [two, five] = [kept(2), kept(5)];
    // Numbers for each token or head are blocks too small to be counted.
    expect((five - two) / 3 / layer).toBeGreaterThan(0.985);
    expect((five - two) / 3 / layer).toBeLessThan(1.01);
    expect((two - 2 * layer) / base).toBeGreaterThan(0.8);
    expect((two - 2 * layer) / base).toBeLessThan(1.05);
  });
});

function specOf(changes: Record<string, unknown>) {
  const model = initModel(parseModelConfig(config(changes)), { seed: 1 });
  const { spec } = model;
  model.dispose();
  return { spec };
}
