import { tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { clipGradients } from "../../src/training/clip-gradients.js";

const gradients = () => [
  tensor([3, 0], { dtype: "float64" }),
  tensor([[0], [4]].flat(), { dtype: "float64" }),
];

describe("clipGradients", () => {
  it("scales all gradients by one factor, and returns the norm before", () => {
    const clipped = gradients();
    expect(clipGradients(clipped, 1)).toBe(5);
    const factor = 1 / (5 + 1e-6);
    expect(clipped[0].toArray()).toEqual([3 * factor, 0]);
    expect(clipped[1].toArray()).toEqual([0, 4 * factor]);
  });

  it.each([5.1, 0])("leaves gradients alone with a limit of %d", (limit) => {
    const kept = gradients();
    expect(clipGradients(kept, limit)).toBe(5);
    expect(kept[0].toArray()).toEqual([3, 0]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("reports %d", (value) => {
    expect(clipGradients([tensor([1, value])], 1)).toBe(value);
  });
});
