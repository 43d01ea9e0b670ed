/** @file The gradients of one optimizer step of a tiny model, to compare ways of computing it. */
import { type DType, keep, noGrad, type Tensor } from "@one-token/torch";
import { expect } from "vitest";
import type { EncodedRow } from "../../src/data/encoded-row.js";
import { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import type { Objective } from "../../src/objectives/objective.js";
import type { ObjectiveOptions } from "../../src/objectives/registry.js";
import { createOptimizer } from "../../src/training/optimizers/registry.js";
import { tokenWeight } from "../../src/training/supervised-tokens.js";
import { type StatisticSums, TrainingModel } from "../../src/training/training-model.js";
import { tinyConfig } from "../models/tiny-config.js";
import { normError } from "../objectives/tokens.js";

/** Objectives that between them use every part of the code. */
export const objectiveVariants: [string, Partial<ObjectiveOptions>][] = [
  ["nll", { lossType: "nll", labelSmoothingFactor: 0.1, entropyCoef: 0.05 }],
  ["dft", { lossType: "dft", nllCoef: 0.1 }],
  ["otr", { lossType: "otr" }],
  ["otr with rloo", { lossType: "otr", otrBaseline: "rloo" }],
  ["otr with a critic", { lossType: "otr", otrBaseline: "value" }],
  ["exact otr", { lossType: "otr", otrEstimator: "exact" }],
];

const rows: EncodedRow[] = [8, 3, 5, 5].map((length, id) => {
  const inputIds = Int32Array.from({ length }, (_, at) => 3 + ((id * 7 + at * 5) % 16));
  return { id, inputIds, labels: inputIds.map((token, at) => (at < 2 ? -100 : token)) };
});

/** What one step computes. */
export interface StepResult {
  readonly sums: StatisticSums;
  /** By parameter, on the CPU. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

/** One step of always the same model and rows, with several chunks of logits; to be called in a scope. */
export function oneStep(objective: Objective, computeDtype: DType, device = "cpu"): StepResult {
  const config = parseModelConfig(tinyConfig({ model_type: "qwen3", head_dim: 4, initializer_range: 0.3 }));
  const made = initModel(config, { seed: 4 });
  const parameters = new Map<string, Tensor>();
  for (const [name, parameter] of made.parameters) {
    const moved = keep(noGrad(() => parameter.detach().clone().to(device)));
    moved.requiresGrad = true;
    parameters.set(name, moved);
  }
  made.dispose();
  const model = new TrainingModel({
    model: new CausalLM(config, made.spec, parameters),
    objective,
    computeDtype,
    headChunkBytes: 4 * 19 * 4,
    gradientCheckpointing: false,
    seed: 5,
  });
  const adamW = { adamBeta1: 0.9, adamBeta2: 0.9, adamEpsilon: 1e-8, weightDecay: 0 };
  const optimizer = createOptimizer(model.parameters, { optim: "adamw_torch_fused", ...adamW }, model.copies);
  const sums = model.accumulateGradients(rows, 2, tokenWeight(rows, "token"));
  const gradients = noGrad(() =>
    [...model.parameters].map(([name, { grad }]) => [name, grad!.to("cpu").clone()] as const),
  );
  optimizer.dispose();
  model.dispose();
  return { sums, gradients: new Map(gradients) };
}

/** Holds the gradients, norm-wise, and the losses of two steps to each other. */
export function expectSameStep(actual: StepResult, expected: StepResult, tolerance: number): void {
  for (const [name, gradient] of actual.gradients) {
    expect(normError(gradient, expected.gradients.get(name)!), name).toBeLessThan(tolerance);
  }
  for (const name of ["loss", "weighted_loss", "nll"] as const) {
    const difference = Math.abs(actual.sums[name] - expected.sums[name]);
    expect(difference, name).toBeLessThan(tolerance * Math.max(1, Math.abs(expected.sums[name])));
  }
}
