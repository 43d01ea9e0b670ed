import { aten, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { TokenDistribution } from "../../src/objectives/token-distribution.js";
import { normal, relativeError } from "./tokens.js";

describe("TokenDistribution", () => {
  const logits = normal([6, 31], 1, 3);
  const policy = new TokenDistribution(logits.clone());

  it("agrees with softmax and log_softmax", () => {
    expect(relativeError(policy.probabilities, logits.softmax(1))).toBeLessThan(1e-14);
    const tokens = tensor([3, 30, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12], { shape: [6, 2], dtype: "int64" });
    const expected = logits.logSoftmax(1).gather(1, tokens);
    expect(relativeError(policy.logProbability(tokens), expected)).toBeLessThan(1e-14);
    expect(policy.mode.squeeze(1).toArray()).toEqual(logits.argmax(1).toArray());
  });

  it("has the entropy and cross-entropy of their definitions", () => {
    const logProbability = logits.logSoftmax(1);
    const entropy = logProbability.exp().mul(logProbability).sum([1]).neg();
    expect(relativeError(policy.entropy, entropy)).toBeLessThan(1e-13);
    const other = logits.div(2).softmax(1);
    expect(relativeError(policy.crossEntropy(other), other.mul(logProbability).sum([1]).neg())).toBeLessThan(
      1e-13,
    );
  });

  it("tempers in proportion to softmax(logits / temperature)", () => {
    const tempered = policy.tempered(1.3);
    expect(relativeError(tempered.div(tempered.sum([1], true)), logits.div(1.3).softmax(1))).toBeLessThan(
      1e-14,
    );
  });

  it("keeps the digits of log-probabilities beside logits of 1e4 in float32", () => {
    const far = new TokenDistribution(tensor([10_000, 10_000, -10_000], { shape: [1, 3] }));
    const tokens = tensor([0, 2], { shape: [1, 2], dtype: "int64" });
    const [near, remote] = far.logProbability(tokens).toArray();
    expect(near).toBeCloseTo(-Math.LN2, 6);
    expect(remote).toBeCloseTo(-20_000 - Math.LN2, 2);
    expect(far.entropy.item()).toBeCloseTo(Math.LN2, 6);
    expect(aten.all(aten.isfinite(far.probabilities)).item()).toBe(1);
  });
});
