import { aten, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { logitGradient } from "../../src/objectives/logit-gradient.js";
import { TokenDistribution } from "../../src/objectives/token-distribution.js";
import { differentiate } from "./oracle.js";
import { normal, relativeError } from "./tokens.js";

describe("logitGradient", () => {
  const logits = normal([3, 7], 1);
  const targets = tensor([2, 0, 6], { dtype: "int64" });
  const scale = tensor([1, 0.5, -2], { dtype: "float64" });

  it("differentiates any sum of dense, sampled and target weights", () => {
    const dense = normal([3, 7], 2);
    const atTarget = normal([3], 3);
    const tokens = tensor([1, 1, 2, 0, 5, 6], { shape: [3, 2], dtype: "int64" });
    const sampled = tensor([0.7, 0.7, -0.2, 0.4, 1.1, 0.3], { shape: [3, 2], dtype: "float64" });
    const once = tensor([0.7, 0, -0.2, 0.4, 1.1, 0.3], { shape: [3, 2], dtype: "float64" });
    const full = dense.clone();
    aten.scatter_add_(full, 1, targets.unsqueeze(1), atTarget.unsqueeze(1));
    aten.scatter_add_(full, 1, tokens, once);
    const expected = differentiate(logits, scale, (leaf) => full.mul(leaf.logSoftmax(1)).sum([1]).neg());
    const weights = { total: full.sum([1]), atTarget, atSamples: { tokens, weights: sampled }, dense };
    const actual = logitGradient(new TokenDistribution(logits.clone()), targets, weights, scale);
    expect(relativeError(actual, expected.gradient)).toBeLessThan(1e-13);
  });
});
