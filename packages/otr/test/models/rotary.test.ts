import { scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { inverseFrequencies, rotaryTables, rotate } from "../../src/models/rotary.js";

describe("inverseFrequencies", () => {
  // Expected values: transformers 5.23.0, LlamaRotaryEmbedding(config).inv_freq, head size 32.
  it.each([
    {
      rope: { type: "default", theta: 10_000 } as const,
      expected: [
        1.0, 0.56234133, 0.31622776, 0.17782794, 0.1, 0.056234129, 0.031622779, 0.017782794, 0.0099999998,
        0.0056234132, 0.0031622779, 0.0017782794, 0.001, 0.0005623413, 0.00031622779, 0.00017782794,
      ],
    },
    {
      rope: { type: "linear", theta: 10_000, factor: 4 } as const,
      expected: [
        0.25, 0.14058533, 0.079056941, 0.044456985, 0.025, 0.014058532, 0.0079056947, 0.0044456986,
        0.0024999999, 0.0014058533, 0.00079056947, 0.00044456986, 0.00025000001, 0.00014058533, 7.9056947e-5,
        4.4456985e-5,
      ],
    },
    {
      rope: {
        type: "llama3",
        theta: 500_000,
        factor: 8,
        lowFreqFactor: 1,
        highFreqFactor: 4,
        originalMaxPositionEmbeddings: 8192,
      } as const,
      expected: [
        1.0, 0.44036663, 0.19392276, 0.085397102, 0.037606031, 0.016560441, 0.0072926651, 0.0032114461,
        0.00052484602, 7.7846555e-5, 3.4281024e-5, 1.5096218e-5, 6.6478697e-6, 2.9274997e-6, 1.2891732e-6,
        5.6770881e-7,
      ],
    },
  ])("agrees with transformers for $rope.type", ({ rope, expected }) => {
    const actual = inverseFrequencies(rope, 32);
    expect(actual).toHaveLength(16);
    for (const [plane, value] of expected.entries()) {
      expect(Math.abs(actual[plane]! / value - 1)).toBeLessThan(5e-7);
    }
  });
});

describe("rotate", () => {
  it("turns each plane (i, i + headDim / 2) by position times frequency", () => {
    const frequencies = inverseFrequencies({ type: "default", theta: 100 }, 4);
    const heads = [1, 2, 3, 4, 5, 6, 7, 8];
    const rotated = scope(() => {
      const tables = rotaryTables(frequencies, tensor([0, 7], { dtype: "int64" }));
      return rotate(tensor(heads, { shape: [2, 1, 4], dtype: "float64" }), tables).toArray();
    });
    expect(rotated.slice(0, 4)).toEqual([1, 2, 3, 4]);
    const turn = (x: number, y: number, angle: number) => [
      x * Math.cos(angle) - y * Math.sin(angle),
      x * Math.sin(angle) + y * Math.cos(angle),
    ];
    const [a, c] = turn(5, 7, 7);
    const [b, d] = turn(6, 8, 0.7);
    for (const [index, value] of [a, b, c, d].entries()) expect(rotated[4 + index]).toBeCloseTo(value!, 5);
  });
});
