import { keep, liveTensorCount, scope, type Tensor, tensor } from "@one-token/torch";
import { afterEach, describe, expect, it } from "vitest";
import type { Optimizer } from "../../../src/training/optimizers/optimizer.js";
import { createOptimizer, type OptimizerOptions } from "../../../src/training/optimizers/registry.js";
import reference from "./optimizer-steps.json" with { type: "json" };

type Optim = OptimizerOptions["optim"];
type Values = Readonly<Record<string, readonly number[]>>;

const all: readonly Optim[] = ["adamw_torch_fused", "adamw_8bit", "adafactor", "sgd", "muon"];
const options = { adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-8, weightDecay: 0.1 };
const learningRate = 0.02;

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const free of cleanUp.splice(0)) free();
});

interface Trained {
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly copies: ReadonlyMap<string, Tensor>;
  readonly optimizer: Optimizer;
  step(gradients: Values, scale?: number): void;
}

/** An optimizer over tensors of these values; those of two dimensions have a bfloat16 copy if asked for. */
function makeTrained(
  optim: Optim,
  starts: Values,
  shapes: Readonly<Record<string, readonly number[]>>,
  { dtype = "float32" as "float32" | "float64", withCopies = false } = {},
): Trained {
  const parameters = new Map<string, Tensor>();
  const copies = new Map<string, Tensor>();
  for (const [name, values] of Object.entries(starts)) {
    const parameter = keep(tensor([...values], { shape: shapes[name], dtype }));
    if (withCopies && parameter.shape.length === 2) copies.set(name, keep(parameter.to("bfloat16")));
    parameter.requiresGrad = true;
    parameters.set(name, parameter);
  }
  const optimizer = createOptimizer(parameters, { optim, ...options }, copies);
  cleanUp.push(() => {
    optimizer.dispose();
    for (const made of [...parameters.values(), ...copies.values()]) made.dispose();
  });
  return {
    parameters,
    copies,
    optimizer,
    step(gradients, scale = 1) {
      scope(() => {
        for (const [name, parameter] of parameters) {
          const { shape } = parameter;
          parameter.grad = tensor([...gradients[name]!], { shape, dtype }).div(scale);
        }
      });
      optimizer.step(learningRate, scale);
    },
  };
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

/** Eight gradients for a model of an embedding, a matrix of more than 4,096 elements, a small one, a norm and a bias. */
const shapes = {
  "model.embed_tokens.weight": [130, 32],
  "layers.0.mlp.up_proj.weight": [80, 60],
  "layers.0.self_attn.k_proj.weight": [8, 20],
  "layers.0.self_attn.k_proj.bias": [8],
  "model.norm.weight": [32],
  "value_head.bias": [],
};
const wave = (phase: number): Values =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [
        name,
        Array.from({ length: count }, (_, at) => Math.sin(0.7 * at * (index + 1) + phase) / (1 + (at % 7))),
      ];
    }),
  );

describe("createOptimizer", () => {
  it.each([
    ["adamw_torch_fused", "float32", false],
    ["adamw_torch_fused", "float64", false],
    ["adafactor", "float32", true],
    ["adafactor", "float64", false],
    ["sgd", "float32", true],
    ["sgd", "float64", false],
    ["muon", "float32", true],
  ] as const)(
    "%s takes the steps of torch or transformers, in %s (copies: %s)",
    (optim, dtype, withCopies) => {
      const { starts, gradients, ends } = reference;
      const trained = makeTrained(optim, starts, reference.shapes, { dtype, withCopies });
      // The peer's gradients are not clipped; doubled and scaled by half they are the same.
      for (const step of gradients) trained.step(step, 0.5);
      const differences = Object.entries<readonly number[]>(ends[optim]).map(([name, values]) =>
        largestDifference(trained.parameters.get(name)!.toArray(), values),
      );
      const largest = Math.max(...differences);
      console.log(`${optim} in ${dtype}: largest difference after 5 steps ${largest.toExponential(1)}`);
      expect(largest).toBeLessThan(1e-6);
    },
  );

  it("muon in float32 throughout stays near torch's, which multiplies in bfloat16", () => {
    const { starts, gradients, ends } = reference;
    const trained = makeTrained("muon", starts, reference.shapes);
    for (const step of gradients) trained.step(step);
    for (const [name, values] of Object.entries<readonly number[]>(ends.muon)) {
      const moved = largestDifference(values, (starts as Values)[name]!);
      const difference = largestDifference(trained.parameters.get(name)!.toArray(), values);
      expect(difference / moved, name).toBeLessThan(0.05);
    }
  });

  it.each(all)("%s drops gradients, writes copies, and frees all that it made", (optim) => {
    const before = liveTensorCount();
    const { parameters, copies, step } = makeTrained(optim, wave(0), shapes, { withCopies: true });
    const owned = liveTensorCount();
    step(wave(1));
    expect(liveTensorCount()).toBe(owned);
    for (const parameter of parameters.values()) expect(parameter.grad).toBeNull();
    expect(copies.size).toBe(3);
    for (const [name, copy] of copies) {
      expect(copy.toArray()).toEqual(scope(() => parameters.get(name)!.detach().to("bfloat16").toArray()));
      expect(largestDifference(parameters.get(name)!.toArray(), wave(0)[name]!)).toBeGreaterThan(1e-3);
    }
    for (const free of cleanUp.splice(0)) free();
    expect(liveTensorCount()).toBe(before);
  });

  it.each(all)("%s goes on bit for bit from its state and its number of steps", (optim) => {
    const straight = makeTrained(optim, wave(0), shapes);
    for (const phase of [1, 2, 3, 4]) straight.step(wave(phase));

    const stopped = makeTrained(optim, wave(0), shapes);
    for (const phase of [1, 2]) stopped.step(wave(phase));
    const weights = Object.fromEntries(
      [...stopped.parameters].map(([name, value]) => [name, value.toArray()]),
    );
    const resumed = makeTrained(optim, weights, shapes);
    expect([...resumed.optimizer.state.keys()]).toEqual([...stopped.optimizer.state.keys()]);
    for (const [name, saved] of stopped.optimizer.state) resumed.optimizer.state.get(name)!.copy_(saved);
    resumed.optimizer.steps = stopped.optimizer.steps;
    for (const phase of [3, 4]) resumed.step(wave(phase));
    for (const [name, parameter] of straight.parameters) {
      expect(largestDifference(parameter.toArray(), resumed.parameters.get(name)!.toArray()), name).toBe(0);
    }
  });

  it("holds what docs/memory.md says", () => {
    const bytes = (optim: Optim) => makeTrained(optim, wave(0), shapes).optimizer.stateBytes;
    const [embedding, large, small, vectors] = [130 * 32, 80 * 60, 8 * 20, 8 + 32 + 1];
    const blocks = Math.ceil(large / 256);
    expect(bytes("adamw_torch_fused")).toBe(8 * (embedding + large + small + vectors));
    expect(bytes("adamw_8bit")).toBe(8 * (embedding + small + vectors) + 2 * blocks * (256 + 4));
    expect(bytes("adafactor")).toBe(4 * (130 + 32 + 80 + 60 + 8 + 20 + vectors));
    expect(bytes("sgd")).toBe(0);
    expect(bytes("muon")).toBe(4 * (large + small) + 8 * (embedding + vectors));
  });
});
