import { tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { createObjective } from "../../src/objectives/registry.js";
import {
  meanStatistics,
  readStatistics,
  statisticNames,
  tokenStatistics,
} from "../../src/objectives/statistics.js";

const two = (first: number, second: number) => tensor([first, second]);
const values = {
  losses: two(1, 3),
  weights: two(0.5, 0.25),
  targetLogProbability: two(Math.log(0.5), Math.log(0.25)),
  entropy: two(0.5, 1.5),
  correct: tensor([1, 0], { dtype: "bool" }),
  rollout: { reward: two(0.5, -0.5), hitRate: two(0.75, 0) },
  valueLosses: two(4, 8),
  policyChange: {
    divergence: two(0.5, 0.25),
    isClippedLow: tensor([1, 0], { dtype: "bool" }),
    isClippedHigh: tensor([0, 0], { dtype: "bool" }),
  },
};

describe("statistics", () => {
  it("are sums over tokens in float64", () => {
    const statistics = tokenStatistics(values);
    expect(statistics.dtype).toBe("float64");
    expect(statistics.shape).toEqual([statisticNames.length]);
    const sums = readStatistics(statistics);
    expect(sums).toMatchObject({
      count: 2,
      loss: 4,
      entropy: 2,
      mean_token_accuracy: 1,
      otr_mean_reward: 0,
      otr_hit_rate: 0.75,
      value_loss: 12,
      weighted_loss: 1.25,
      kl: 0.75,
      clipped_low: 1,
      clipped_high: 0,
    });
    expect(sums.nll).toBeCloseTo(Math.log(8), 6);
    expect(sums.target_probability).toBeCloseTo(0.75, 6);
  });

  it("are zero where the objective has none", () => {
    const sums = readStatistics(
      tokenStatistics({ ...values, rollout: null, valueLosses: null, policyChange: null }),
    );
    expect(sums).toMatchObject({
      otr_mean_reward: 0,
      otr_hit_rate: 0,
      value_loss: 0,
      kl: 0,
      clipped_low: 0,
    });
  });

  it("become means of what the objective has", () => {
    const sums = readStatistics(tokenStatistics(values));
    expect(meanStatistics(sums, createObjective({ lossType: "nll" }))).toEqual({
      loss: 2,
      nll: sums.nll / 2,
      target_probability: sums.target_probability / 2,
      entropy: 1,
      mean_token_accuracy: 0.5,
    });
    const means = meanStatistics(sums, createObjective({ lossType: "grpo", beta: 0.1 }));
    expect(means).toMatchObject({ kl: 0.375, "clip_ratio/low_mean": 0.5, "clip_ratio/region_mean": 0.5 });
    expect(meanStatistics(sums, createObjective({ lossType: "grpo" }))).not.toHaveProperty("kl");
    expect(meanStatistics(sums, createObjective({ lossType: "otr" }))).toMatchObject({ otr_hit_rate: 0.375 });
    expect(meanStatistics(sums, createObjective({ otrBaseline: "value" }))).toMatchObject({ value_loss: 6 });
  });
});
