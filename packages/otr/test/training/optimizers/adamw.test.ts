import { type DType, keep, liveTensorCount, type Tensor, scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { createOptimizer } from "../../../src/training/optimizers/registry.js";
import { isDecayed } from "../../../src/training/optimizers/trained-parameter.js";

const options = { adamBeta1: 0.9, adamBeta2: 0.99, adamEpsilon: 1e-8, weightDecay: 0.1 };

/** AdamW of one element in plain arithmetic (Loshchilov and Hutter, algorithm 2). */
function plainAdamW(start: number, gradients: number[], rate: number, decay: number): number {
  let [weight, first, second] = [start, 0, 0];
  gradients.forEach((gradient, index) => {
    weight -= rate * decay * weight;
    first = options.adamBeta1 * first + (1 - options.adamBeta1) * gradient;
    second = options.adamBeta2 * second + (1 - options.adamBeta2) * gradient * gradient;
    const correctedFirst = first / (1 - options.adamBeta1 ** (index + 1));
    const correctedSecond = second / (1 - options.adamBeta2 ** (index + 1));
    weight -= (rate * correctedFirst) / (Math.sqrt(correctedSecond) + options.adamEpsilon);
  });
  return weight;
}

const leaf = (values: number[], dtype: DType): Tensor => {
  const made = keep(tensor(values, { dtype }));
  made.requiresGrad = true;
  return made;
};

describe("AdamW", () => {
  it.each<[DType, number]>([
    ["float64", 12],
    ["float32", 5],
  ])("follows the formula, decays weights and spares norms and biases, in %s", (dtype, digits) => {
    const before = liveTensorCount();
    const parameters = new Map([
      ["layers.0.q_proj.weight", leaf([1, -2, 0.5], dtype)],
      ["layers.0.input_layernorm.weight", leaf([1, 1, 1], dtype)],
    ]);
    const copy = keep(tensor([0, 0, 0], { dtype: "bfloat16" }));
    const optimizer = createOptimizer(
      parameters,
      { optim: "adamw_torch_fused", ...options },
      new Map([["layers.0.q_proj.weight", copy]]),
    );
    const gradients = [
      [0.3, -0.1, 2],
      [0.1, 0.4, -1],
      [-0.5, 0.2, 0.01],
    ];
    for (const gradient of gradients) {
      scope(() => {
        for (const parameter of parameters.values()) parameter.grad = tensor(gradient, { dtype }).mul(2);
      });
      optimizer.step(0.05, 0.5);
      for (const parameter of parameters.values()) expect(parameter.grad).toBeNull();
    }
    const [weight, norm] = [...parameters.values()].map((parameter) => parameter.toArray());
    for (const index of [0, 1, 2]) {
      const history = gradients.map((gradient) => gradient[index]);
      expect(weight[index]).toBeCloseTo(plainAdamW([1, -2, 0.5][index], history, 0.05, 0.1), digits);
      expect(norm[index]).toBeCloseTo(plainAdamW(1, history, 0.05, 0), digits);
      expect(Math.abs(copy.toArray()[index] / weight[index] - 1)).toBeLessThan(2 ** -8);
    }
    optimizer.dispose();
    copy.dispose();
    for (const parameter of parameters.values()) parameter.dispose();
    expect(liveTensorCount()).toBe(before);
  });

  it.each([
    ["model.layers.0.self_attn.q_proj.weight", true],
    ["model.embed_tokens.weight", true],
    ["lm_head.weight", true],
    ["value_head.weight", true],
    ["model.layers.0.self_attn.q_proj.bias", false],
    ["model.layers.0.self_attn.q_norm.weight", false],
    ["model.layers.0.post_attention_layernorm.weight", false],
    ["model.norm.weight", false],
    ["value_head.bias", false],
  ])("decay of %s: %s", (name, decayed) => {
    expect(isDecayed(name)).toBe(decayed);
  });
});
