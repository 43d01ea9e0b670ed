import { describe, expect, it } from "vitest";
import { pairedBootstrap } from "../../../src/evaluation/statistics/paired-bootstrap.js";
import { references } from "./references.js";

const differences = references.paired.second.map((score, item) => score - references.paired.first[item]!);

describe("pairedBootstrap", () => {
  it("gives the same interval for a seed, and others for others", () => {
    const once = pairedBootstrap(differences, { seed: 7, draws: 500 });
    expect(pairedBootstrap(differences, { seed: 7, draws: 500 })).toEqual(once);
    expect(pairedBootstrap(differences, { seed: 8, draws: 500 })).not.toEqual(once);
    expect(pairedBootstrap(differences, { seed: 7 + 2 ** 32, draws: 500 })).not.toEqual(once);
  });

  it("agrees with scipy's within the noise of 10,000 draws", () => {
    const { low, high } = pairedBootstrap(differences, { seed: 7 });
    expect(Math.abs(low - references.paired.bootstrap[0])).toBeLessThan(0.01);
    expect(Math.abs(high - references.paired.bootstrap[1])).toBeLessThan(0.01);
  });

  it("has no width where all differences are the same", () => {
    expect(pairedBootstrap([0.5, 0.5, 0.5], { seed: 1, draws: 50 })).toEqual({ low: 0.5, high: 0.5 });
  });
});
