/** @file A training step as a GPU computes it, every kernel in its form of ATen operators, on the CPU. */
import { type DType, scope } from "@one-token/torch";
import { describe, expect, it, vi } from "vitest";
import { createObjective } from "../../src/objectives/registry.js";
import { expectSameStep, objectiveVariants, oneStep } from "./one-step.js";

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

describe.each<[DType, number]>([
  ["float32", 1e-5],
  // Two ways to round in so small a model, where other logits flip some draws.
  ["bfloat16", 0.15],
])("in %s", (dtype, tolerance) => {
  it.each(objectiveVariants)("is the step of the fused kernels: %s", (_name, options) => {
    scope(() => {
      forms.areComposed = false;
      const objective = createObjective(options);
      const expected = oneStep(objective, dtype);
      forms.areComposed = true;
      const { terms: _terms, ...composed } = objective;
      expectSameStep(oneStep(composed, dtype), expected, tolerance);
    });
  });
});

it("uses every kernel's other form", () => {
  forms.areComposed = true;
  forms.used.clear();
  const { terms: _terms, ...composed } = createObjective({ lossType: "nll" });
  scope(() => oneStep(composed, "float32"));
  expect([...forms.used].sort()).toEqual([
    "add_rms_norm",
    "packed_attention",
    "rms_norm",
    "rotary",
    "swiglu",
  ]);
});
