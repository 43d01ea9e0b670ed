import { tensor, zeros } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { accumulateValueGradient, predictValues } from "../../src/objectives/value-head.js";

describe("the value head", () => {
  const hidden = tensor([1, 2, 3, 4, 5, 6], { shape: [3, 2] });

  it("predicts w . h + b", () => {
    const head = { weight: tensor([10, -1]), bias: tensor([0.5], { shape: [] }) };
    expect(predictValues(head, hidden, "float32").toArray()).toEqual([8.5, 26.5, 44.5]);
    expect(predictValues(head, hidden.to("bfloat16"), "float32").dtype).toBe("float32");
  });

  it("adds up the gradient of predictions", () => {
    const gradient = { weight: zeros([2]), bias: zeros([]) };
    accumulateValueGradient(gradient, hidden, tensor([1, 0, -1]));
    accumulateValueGradient(gradient, hidden, tensor([0, 2, 0]));
    expect(gradient.weight.toArray()).toEqual([2, 4]);
    expect(gradient.bias.item()).toBe(2);
  });
});
