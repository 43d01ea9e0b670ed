/** @file A training step as a GPU computes it, every kernel in its form of ATen operators, on the CPU. */
import { type DType, noGrad, scope } from "@one-token/torch";
import { describe, expect, it, vi } from "vitest";
import type { EncodedRow } from "../../src/data/encoded-row.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { createObjective, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { AdamW } from "../../src/training/adamw.js";
import { tokenWeight } from "../../src/training/supervised-tokens.js";
import { TrainingModel } from "../../src/training/training-model.js";
import { tinyConfig } from "../models/tiny-config.js";
import { normError } from "../objectives/tokens.js";

const forms = vi.hoisted(() => ({ areComposed: false, used: new Set<string>() }));

vi.mock("@one-token/torch", async (importOriginal) => {
  const torch = await importOriginal<typeof import("@one-token/torch")>();
  const choose = (name: keyof typeof torch.kernels) => {
    const kernel = torch.kernels[name];
    if (!forms.areComposed || !("composed" in kernel)) return kernel;
    forms.used.add(name);
    return kernel.composed;
  };
  const kernels = new Proxy({}, { get: (_, name) => choose(name as keyof typeof torch.kernels) });
  return { ...torch, kernels };
});

const rows: EncodedRow[] = [8, 3, 5, 5].map((length, id) => {
  const inputIds = Int32Array.from({ length }, (_, at) => 3 + ((id * 7 + at * 5) % 16));
  return { id, inputIds, labels: inputIds.map((token, at) => (at < 2 ? -100 : token)) };
});

function oneStep(options: Partial<ObjectiveOptions>, computeDtype: DType, areComposed: boolean) {
  forms.areComposed = areComposed;
  const config = parseModelConfig(tinyConfig({ model_type: "qwen3", head_dim: 4, initializer_range: 0.3 }));
  const { terms, ...withoutTerms } = createObjective(options);
  const model = new TrainingModel({
    model: initModel(config, { seed: 4 }),
    objective: areComposed ? withoutTerms : { ...withoutTerms, terms },
    computeDtype,
    headChunkBytes: 4 * 19 * 4,
    seed: 5,
  });
  const optimizer = new AdamW(
    model.parameters,
    { beta1: 0.9, beta2: 0.9, epsilon: 1e-8, weightDecay: 0 },
    model.copies,
  );
  const sums = model.accumulateGradients(rows, 2, tokenWeight(rows, "token"));
  const gradients = new Map(
    noGrad(() => [...model.parameters].map(([name, { grad }]) => [name, grad!.clone()])),
  );
  optimizer.dispose();
  model.dispose();
  return { sums, gradients };
}

describe.each<[DType, number]>([
  ["float32", 1e-5],
  // Two ways to round in so small a model, where other logits flip some draws.
  ["bfloat16", 0.15],
])("in %s", (dtype, tolerance) => {
  it.each<[string, Partial<ObjectiveOptions>]>([
    ["nll", { lossType: "nll", labelSmoothingFactor: 0.1, entropyCoef: 0.05 }],
    ["dft", { lossType: "dft", nllCoef: 0.1 }],
    ["otr", { lossType: "otr" }],
    ["otr with rloo", { lossType: "otr", otrBaseline: "rloo" }],
    ["otr with a critic", { lossType: "otr", otrBaseline: "value" }],
    ["exact otr", { lossType: "otr", otrEstimator: "exact" }],
  ])("is the step of the fused kernels: %s", (_name, options) => {
    scope(() => {
      const expected = oneStep(options, dtype, false);
      const actual = oneStep(options, dtype, true);
      for (const [name, gradient] of actual.gradients) {
        expect(normError(gradient, expected.gradients.get(name)!), name).toBeLessThan(tolerance);
      }
      const { loss, weighted_loss, nll } = expected.sums;
      for (const [name, sum] of Object.entries({ loss, weighted_loss, nll })) {
        const difference = Math.abs(actual.sums[name as "loss"] - sum);
        expect(difference, name).toBeLessThan(tolerance * Math.max(1, Math.abs(sum)));
      }
    });
  });
});

it("uses every kernel's other form", () => {
  expect([...forms.used].sort()).toEqual(["add_rms_norm", "rms_norm", "rotary", "swiglu"]);
});
