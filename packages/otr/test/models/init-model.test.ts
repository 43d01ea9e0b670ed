import { aten, scope } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { packRows } from "../../src/models/packed-rows.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { init } = modelWorkspace();

describe("initModel", () => {
  it("depends on the seed alone", () => {
    const [first, same, other] = [7, 7, 8].map((seed) => init(tinyConfig(), seed));
    expect(logitsOf(first!)).toEqual(logitsOf(same!));
    expect(logitsOf(first!)).not.toEqual(logitsOf(other!));
  });

  it("draws matrices with the configured spread, sets norms to 1, biases and the padding row to 0", () => {
    const config = tinyConfig({
      vocab_size: 400,
      hidden_size: 64,
      initializer_range: 0.05,
      attention_bias: true,
      pad_token_id: 3,
    });
    const { parameters } = init(config);
    const values = (name: string) => parameters.get(name)!.toArray();
    const embedding = values("model.embed_tokens.weight");
    const deviation = Math.sqrt(embedding.reduce((sum, value) => sum + value ** 2, 0) / (399 * 64));
    expect(deviation).toBeGreaterThan(0.05 * 0.98);
    expect(deviation).toBeLessThan(0.05 * 1.02);
    expect(new Set(embedding.slice(3 * 64, 4 * 64))).toEqual(new Set([0]));
    expect(new Set(values("model.norm.weight"))).toEqual(new Set([1]));
    expect(new Set(values("model.layers.1.self_attn.o_proj.bias"))).toEqual(new Set([0]));
  });

  it("gives leaves that can be trained", () => {
    const model = init(tinyConfig());
    scope(() => {
      const packed = packRows([{ inputIds: Int32Array.of(3, 4, 5) }]);
      aten.sum(model.logits(model.forward(packed))).backward();
    });
    for (const [name, parameter] of model.parameters) {
      expect(parameter.grad, name).not.toBeNull();
      parameter.grad = null;
    }
  });
});
