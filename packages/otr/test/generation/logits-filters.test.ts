import { scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { resolveGenerationOptions } from "../../src/generation/generation-options.js";
import { filterLogits, penalizeRepetition } from "../../src/generation/logits-filters.js";

/** Probabilities 0.4, 0.3, 0.2, 0.1 out of order; the second row has a clear winner. */
const probabilities = [
  [0.2, 0.4, 0.1, 0.3],
  [0.01, 0.02, 0.95, 0.02],
];

function kept(options: Parameters<typeof resolveGenerationOptions>[0]): number[][] {
  return scope(() => {
    const logits = tensor(probabilities.flat(), { shape: [2, 4] }).log();
    const filtered = filterLogits(logits, resolveGenerationOptions(options)).toArray();
    const rows = [filtered.slice(0, 4), filtered.slice(4)];
    return rows.map((row) => row.flatMap((value, token) => (value > -Infinity ? [token] : [])));
  });
}
const all = [0, 1, 2, 3];

describe("filterLogits", () => {
  it("keeps everything by default", () => expect(kept({ temperature: 1 })).toEqual([all, all]));

  it("top-k keeps the k most probable, and tokens tied with the last of them", () => {
    expect(kept({ temperature: 1, topK: 1 })).toEqual([[1], [2]]);
    expect(kept({ temperature: 1, topK: 2 })).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
    expect(kept({ temperature: 1, topK: 9 })).toEqual([all, all]);
  });

  it("top-p keeps the fewest tokens that reach the mass, at least one", () => {
    expect(kept({ temperature: 1, topP: 0.65 })).toEqual([[1, 3], [2]]);
    expect(kept({ temperature: 1, topP: 0.75 })).toEqual([[0, 1, 3], [2]]);
    expect(kept({ temperature: 1, topP: 1e-9 })).toEqual([[1], [2]]);
  });

  it("min-p keeps tokens by their share of the most probable one", () => {
    expect(kept({ temperature: 1, minP: 0.45 })).toEqual([[0, 1, 3], [2]]);
    expect(kept({ temperature: 1, minP: 1 })).toEqual([[1], [2]]);
  });

  it("applies temperature before, and each filter to what the one before left", () => {
    // At temperature 0.5 the probabilities are proportional to 4, 16, 1, 9: 0.133, 0.533, 0.033, 0.3.
    expect(kept({ temperature: 0.5, topP: 0.65 })[0]).toEqual([1, 3]);
    expect(kept({ temperature: 0.5, topP: 0.5 })[0]).toEqual([1]);
    // Among the two that top-k leaves, 4/7 and 3/7, the first alone reaches 0.5.
    expect(kept({ temperature: 1, topK: 2, topP: 0.5 })[0]).toEqual([1]);
  });
});

describe("penalizeRepetition", () => {
  it("divides positive and multiplies negative logits of the tokens that each row holds, once", () => {
    scope(() => {
      const logits = tensor([1, -1, 2, -2, 1, -1, 2, -2], { shape: [2, 4] });
      const penalized = penalizeRepetition(logits, [[0, 1, 1, 0], [3]], 2).toArray();
      expect(penalized).toEqual([0.5, -2, 2, -2, 1, -1, 2, -4]);
      expect(penalizeRepetition(logits, [[0], [1]], 1).toArray()).toEqual(logits.toArray());
    });
  });
});
