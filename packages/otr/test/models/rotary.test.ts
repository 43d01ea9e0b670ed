import { scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { inverseFrequencies, rotaryTables, rotate } from "../../src/models/rotary.js";

const LONGROPE = {
  type: "longrope",
  theta: 10_000,
  shortFactor: Array.from({ length: 16 }, (_, plane) => 1 + 0.1 * plane),
  longFactor: Array.from({ length: 16 }, (_, plane) => 1 + 0.5 * plane),
  attentionFactor: 1.1547005383792517,
  originalMaxPositionEmbeddings: 64,
} as const;

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
    {
      rope: {
        type: "yarn",
        theta: 10_000,
        factor: 4,
        betaFast: 32,
        betaSlow: 1,
        truncate: true,
        attentionFactor: 1,
        originalMaxPositionEmbeddings: 64,
      } as const,
      expected: [
        1.0, 0.47799012, 0.22135943, 0.097805366, 0.039999999, 0.014058532, 0.0079056947, 0.0044456986,
        0.0024999999, 0.0014058533, 0.00079056947, 0.00044456986, 0.00025000001, 0.00014058533, 7.9056947e-5,
        4.4456985e-5,
      ],
    },
    {
      rope: {
        type: "yarn",
        theta: 10_000,
        factor: 8,
        betaFast: 16,
        betaSlow: 2,
        truncate: false,
        attentionFactor: 1,
        originalMaxPositionEmbeddings: 2048,
      } as const,
      expected: [
        1.0, 0.56234133, 0.31622776, 0.17782794, 0.1, 0.056234129, 0.025771618, 0.010185027, 0.0033052221,
        0.00070292666, 0.00039528473, 0.00022228493, 0.00012500001, 7.0292663e-5, 3.9528473e-5, 2.2228493e-5,
      ],
    },
    {
      rope: { type: "dynamic", theta: 10_000, factor: 2, maxPositionEmbeddings: 64 } as const,
      expected: [
        1.0, 0.53478116, 0.28599083, 0.15294251, 0.081790768, 0.043740157, 0.023391413, 0.012509285,
        0.0066897301, 0.0035775409, 0.0019132015, 0.0010231441, 0.00054715812, 0.00029260985, 0.00015648222,
        8.3683735e-5,
      ],
    },
    {
      rope: { type: "dynamic", theta: 10_000, factor: 2, maxPositionEmbeddings: 64 } as const,
      length: 50,
      expected: [
        1.0, 0.56234133, 0.31622776, 0.17782794, 0.1, 0.056234129, 0.031622779, 0.017782794, 0.0099999998,
        0.0056234132, 0.0031622779, 0.0017782794, 0.001, 0.0005623413, 0.00031622779, 0.00017782794,
      ],
    },
    {
      rope: LONGROPE,
      expected: [
        1.0, 0.3748942, 0.15811388, 0.071131177, 0.033333335, 0.016066894, 0.0079056947, 0.0039517321,
        0.0020000001, 0.0010224388, 0.00052704633, 0.00027358145, 0.00014285714, 7.4978845e-5, 3.9528473e-5,
        2.0920934e-5,
      ],
    },
    {
      rope: LONGROPE,
      length: 50,
      expected: [
        1.0, 0.51121938, 0.26352313, 0.13679074, 0.071428575, 0.037489422, 0.019764235, 0.010460467,
        0.0055555557, 0.0029596912, 0.0015811389, 0.00084679975, 0.00045454546, 0.00024449624, 0.00013176157,
        7.1131173e-5,
      ],
    },
  ])("agrees with transformers for $rope.type in a row of $length tokens (100 unless given)", (example) => {
    const { rope, expected } = example;
    const actual = inverseFrequencies(rope, 32, "length" in example ? example.length! : 100);
    expect(actual).toHaveLength(16);
    for (const [plane, value] of expected.entries()) {
      expect(Math.abs(actual[plane]! / value - 1)).toBeLessThan(5e-7);
    }
  });
});

describe("rotaryTables", () => {
  it("rotates each row by its own length, and scales by the attention factor", () => {
    scope(() => {
      const positions = tensor([0, 1, 2, 5, 70, 71], { dtype: "int64" });
      const spans = [
        { tokens: 3, length: 3 },
        { tokens: 1, length: 6 },
        { tokens: 2, length: 72 },
      ];
      const { cosine, sine } = rotaryTables(LONGROPE, 32, positions, spans);
      expect(cosine.shape).toEqual([6, 16]);
      for (const [token, [position, length]] of (
        [
          [0, 3],
          [1, 3],
          [2, 3],
          [5, 6],
          [70, 72],
          [71, 72],
        ] as [number, number][]
      ).entries()) {
        const frequencies = inverseFrequencies(LONGROPE, 32, length);
        for (const plane of [0, 3, 15]) {
          const angle = position * frequencies[plane]!;
          const read = (table: typeof cosine) => table.narrow(0, token, 1).narrow(1, plane, 1).item();
          expect(read(cosine)).toBeCloseTo(LONGROPE.attentionFactor * Math.cos(angle), 5);
          expect(read(sine)).toBeCloseTo(LONGROPE.attentionFactor * Math.sin(angle), 5);
        }
      }
    });
  });
});

describe("rotate", () => {
  it("turns each plane (i, i + headDim / 2) by position times frequency", () => {
    const rope = { type: "default", theta: 100 } as const;
    const heads = [1, 2, 3, 4, 5, 6, 7, 8];
    const rotated = scope(() => {
      const tables = rotaryTables(rope, 4, tensor([0, 7], { dtype: "int64" }), [{ tokens: 2, length: 8 }]);
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
