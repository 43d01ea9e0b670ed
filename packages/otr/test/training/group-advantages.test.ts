import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { groupAdvantages, type RewardScale } from "../../src/training/group-advantages.js";
import { judgeCompletions } from "../../src/training/rewards/judge-completions.js";

interface Case {
  readonly rewards: readonly (readonly (number | null)[])[];
  readonly weights: readonly number[] | null;
  readonly settings: { readonly scale_rewards?: RewardScale };
  readonly advantages: readonly number[];
  readonly metrics: {
    readonly reward: number;
    readonly reward_std: number;
    readonly frac_reward_zero_std: number;
  };
}
const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../references/grpo.json", import.meta.url), "utf8"),
).advantage_cases;

const rewards = [1, 0, 0.25, 2, 3, 3, 3, 3];

describe("groupAdvantages", () => {
  it.each(cases.map((one, at) => [at, one] as const))("are those of TRL, case %i", async (_, one) => {
    const texts = one.rewards[0]!.map(String);
    const { rewards: sums } = await judgeCompletions(
      { prompts: texts, completions: texts, references: texts },
      one.rewards.map((values, at) => ({ name: `number ${at}`, judge: () => values })),
      one.weights ?? one.rewards.map(() => 1),
    );
    const found = groupAdvantages(sums, 4, one.settings.scale_rewards ?? "group");
    for (const [at, advantage] of found.advantages.entries()) {
      expect(advantage).toBeCloseTo(one.advantages[at]!, 5);
    }
    expect(found.mean).toBeCloseTo(one.metrics.reward, 6);
    expect(found.deviation).toBeCloseTo(one.metrics.reward_std, 6);
    expect(found.zeroDeviation).toBe(one.metrics.frac_reward_zero_std);
  });

  it.each<RewardScale>(["group", "batch", "none"])(
    "do not change where a group's rewards shift: %s",
    (scale) => {
      const shifted = rewards.map((reward, at) => reward + (at < 4 ? 8 : 0));
      const expected = groupAdvantages(rewards, 4, "group").advantages;
      const { advantages } = groupAdvantages(shifted, 4, "group");
      for (const [at, advantage] of advantages.entries()) expect(advantage).toBeCloseTo(expected[at]!, 12);
      const all = rewards.map((reward) => reward - 3);
      const kept = groupAdvantages(all, 4, scale).advantages;
      for (const [at, advantage] of groupAdvantages(rewards, 4, scale).advantages.entries())
        expect(kept[at]).toBeCloseTo(advantage, 12);
    },
  );

  it("go with their completions where a group is in another order, and groups too", () => {
    const { advantages } = groupAdvantages(rewards, 4, "group");
    const order = [5, 4, 7, 6, 2, 0, 3, 1];
    const other = groupAdvantages(
      order.map((at) => rewards[at]!),
      4,
      "group",
    );
    expect(other.advantages).toEqual(order.map((at) => advantages[at]));
  });

  it("sum to zero in each group, and are zero where all rewards are the same", () => {
    const { advantages, zeroDeviation } = groupAdvantages(rewards, 4, "group");
    expect(advantages.slice(0, 4).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(advantages.slice(4)).toEqual([0, 0, 0, 0]);
    expect(zeroDeviation).toBe(0.5);
  });
});
