import { formatValue } from "../../config/format-value.js";
import { RunError } from "../../errors.js";
import { deviationOf, meanOf } from "../group-advantages.js";
import type { Reward, RewardInput } from "./reward.js";

/** What all reward functions say of some completions. */
export interface Judgement {
  /** The weighted sum of what the functions give; NaN where none of them has an opinion. */
  readonly rewards: number[];
  /** Mean and deviation of each function, by the names that metrics have. */
  readonly metrics: Readonly<Record<`rewards/${string}`, number>>;
}

/**
 * Asks every reward function.
 *
 * @param weights one for each function
 * @throws {RunError} `REWARD_INVALID` where a function fails, or gives something else than a number or null for each completion
 */
export async function judgeCompletions(
  input: RewardInput,
  rewards: readonly Reward[],
  weights: readonly number[],
): Promise<Judgement> {
  const given = await Promise.all(rewards.map((reward) => ask(reward, input)));
  const sums = input.completions.map((_, at) => {
    const opinions = given.map((values) => values[at]!);
    if (opinions.every(Number.isNaN)) return Number.NaN;
    return opinions.reduce(
      (sum, value, which) => (Number.isNaN(value) ? sum : sum + value * weights[which]!),
      0,
    );
  });
  const metrics = Object.fromEntries(
    rewards.flatMap(({ name }, which) => [
      [`rewards/${name}/mean`, meanOf(given[which]!)],
      [`rewards/${name}/std`, deviationOf(given[which]!)],
    ]),
  );
  return { rewards: sums, metrics };
}

/** A number for each completion, NaN for null. */
async function ask({ name, judge }: Reward, input: RewardInput): Promise<number[]> {
  const { length } = input.completions;
  let found: unknown;
  try {
    found = await judge(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError("REWARD_INVALID", `the reward function ${name} failed: ${reason}`, { cause: error });
  }
  if (!Array.isArray(found) || found.length !== length) {
    const what = Array.isArray(found) ? `${found.length} rewards` : formatValue(found);
    throw new RunError(
      "REWARD_INVALID",
      `the reward function ${name} gave ${what} for ${length} completions; return a list with a number or null for each`,
    );
  }
  return found.map((value: unknown, at) => {
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new RunError(
      "REWARD_INVALID",
      `the reward function ${name} gave ${formatValue(value)} for the completion ${formatValue(input.completions[at]!.slice(0, 80))}; give a finite number, or null for no opinion`,
    );
  });
}
