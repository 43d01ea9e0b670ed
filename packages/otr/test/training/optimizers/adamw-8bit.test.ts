import { aten, type DType, Generator, keep, scope, type Tensor, zeros } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { initModel } from "../../../src/models/init-model.js";
import { parseModelConfig } from "../../../src/models/model-config.js";
import { nll } from "../../../src/objectives/nll.js";
import { dynamicMap } from "../../../src/training/optimizers/adamw-8bit.js";
import { createOptimizer } from "../../../src/training/optimizers/registry.js";
import { tokenWeight } from "../../../src/training/supervised-tokens.js";
import { TrainingModel } from "../../../src/training/training-model.js";
import { tinyConfig } from "../../models/tiny-config.js";

const options = { adamBeta1: 0.9, adamBeta2: 0.95, adamEpsilon: 1e-8, weightDecay: 0.1 };

describe("dynamicMap", () => {
  it.each([
    [true, -0.99296875, 5.5e-7],
    [false, 0, 3.25e-7],
  ])("ascends over 256 values (signed: %s)", (signed, first, smallest) => {
    const map = dynamicMap(signed);
    expect(map).toHaveLength(256);
    expect(map.every((value, index) => index === 0 || value > map[index - 1]!)).toBe(true);
    expect(map[0]).toBeCloseTo(first, 12);
    expect(map[map.indexOf(0) + 1]).toBeCloseTo(smallest, 12);
    expect(map.at(-1)).toBe(1);
  });
});

const shape = [67, 70];

/** Steps over one matrix whose elements differ by orders of magnitude, as gradients do. */
function steps(dtype: DType, count: number): { weights: number[]; state: ReadonlyMap<string, number[]> } {
  return scope(() => {
    const generator = new Generator({ seed: 5 });
    const random = (): Tensor => aten.normal_(zeros(shape), 0, 1, { generator });
    const start = random().to(dtype);
    start.requiresGrad = true;
    const parameters = new Map([["layers.0.mlp.up_proj.weight", start]]);
    const optimizer = createOptimizer(parameters, { optim: "adamw_8bit", ...options });
    const sizes = random().exp();
    for (let step = 0; step < count; step++) {
      start.grad = random().mul(sizes).to(dtype);
      optimizer.step(0.01, 0.5);
    }
    const state = new Map([...optimizer.state].map(([name, tensor]) => [name, tensor.toArray()]));
    optimizer.dispose();
    return { weights: start.toArray(), state };
  });
}

describe("adamW8bit", () => {
  it("is the same in the fused kernel and composed of libtorch's operators", () => {
    const [fused, composed] = [steps("float32", 1), steps("float64", 1)];
    for (const [name, values] of composed.state) {
      // A number on the border of two codes may fall to either side.
      const known = values.slice(0, shape[0]! * shape[1]!); // without the padding of the last block
      const differing = known.filter((value, at) => Math.abs(value - fused.state.get(name)![at]!) > 1e-5);
      expect(differing.length, name).toBeLessThan(5);
    }
    const largest = Math.max(...composed.weights.map((value, at) => Math.abs(value - fused.weights[at]!)));
    console.log(`adamw_8bit: largest difference ${largest.toExponential(1)}`);
    expect(largest).toBeLessThan(1e-6);
    const [longFused, longComposed] = [steps("float32", 5), steps("float64", 5)];
    const norm = (values: number[]) => Math.hypot(...values);
    const difference = longComposed.weights.map((value, at) => value - longFused.weights[at]!);
    expect(norm(difference) / norm(longComposed.weights)).toBeLessThan(1e-4);
  });

  it("learns as AdamW does", () => {
    const rows = [0, 1, 2, 3].map((id) => {
      const inputIds = Int32Array.from({ length: 9 }, (_, at) => 3 + ((id * 5 + at * at) % 16));
      return { id, inputIds, labels: inputIds };
    });
    const lossAfter = (optim: "adamw_torch_fused" | "adamw_8bit") => {
      const config = parseModelConfig(tinyConfig({ hidden_size: 64, intermediate_size: 96 }));
      const model = new TrainingModel({
        model: initModel(config, { seed: 1 }),
        objective: nll({ labelSmoothingFactor: 0, entropyCoef: 0 }),
        computeDtype: "float32",
        headChunkBytes: 2 ** 20,
        gradientCheckpointing: false,
        seed: 0,
      });
      for (const parameter of model.parameters.values()) keep(parameter).requiresGrad = true;
      const optimizer = createOptimizer(model.parameters, { optim, ...options });
      const weightOf = tokenWeight(rows, "token");
      const losses = Array.from({ length: 30 }, (_, step) => {
        const { weighted_loss } = model.accumulateGradients(rows, step, weightOf);
        optimizer.step(3e-3);
        return weighted_loss;
      });
      optimizer.dispose();
      model.dispose();
      return { first: losses[0]!, last: losses.at(-1)! };
    };
    const [full, quantised] = [lossAfter("adamw_torch_fused"), lossAfter("adamw_8bit")];
    console.log(
      `loss ${full.first.toFixed(2)}, after 30 steps ${full.last.toFixed(3)}, 8 bit ${quantised.last.toFixed(3)}`,
    );
    expect(full.last).toBeLessThan(full.first / 2);
    expect(Math.abs(quantised.last - full.last)).toBeLessThan(0.03 * (full.first - full.last));
  });
});
