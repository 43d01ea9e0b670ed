/** @file How much better each completion is than the others of its prompt. */

/** What the difference from the group's mean is divided by. */
export type RewardScale = "group" | "batch" | "none";

/** Advantages of the completions of a step, with what is told of their rewards. */
export interface GroupAdvantages {
  readonly advantages: number[];
  /** Of all rewards; NaN where there is none. */
  readonly mean: number;
  /** Standard deviation of all rewards; NaN where there are fewer than two. */
  readonly deviation: number;
  /** Share of the completions whose group, or step with `batch`, has rewards that are all the same: they teach nothing. */
  readonly zeroDeviation: number;
}

/** What a deviation is kept above 0 by, as in TRL. */
const LEAST = 1e-4;
/** A deviation up to here is rounding. */
const ROUNDING = 1e-8;

/**
 * (R - mean of the group) / (standard deviation + 1e-4), as TRL 1.16 computes it (arXiv 2402.03300, section 4.1.2); deviations
 * are those of a sample (n - 1).
 *
 * @param rewards of all completions, those of one prompt side by side; NaN: nothing could judge it, so that it counts nowhere
 *   and has advantage 0
 * @param groupSize completions of a prompt
 */
export function groupAdvantages(
  rewards: readonly number[],
  groupSize: number,
  scale: RewardScale,
): GroupAdvantages {
  const all = deviationOf(rewards);
  const advantages: number[] = [];
  let flat = 0;
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = rewards.slice(start, start + groupSize);
    const deviation = scale === "batch" ? all : deviationOf(group);
    const center = meanOf(group);
    const divisor = scale === "none" ? 1 : deviation + LEAST;
    for (const reward of group) {
      const advantage = (reward - center) / divisor;
      advantages.push(Number.isNaN(advantage) ? 0 : advantage);
    }
    if (deviation <= ROUNDING) flat += group.length;
  }
  return { advantages, mean: meanOf(rewards), deviation: all, zeroDeviation: flat / rewards.length };
}

const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));

/** NaN of no values. */
export function meanOf(values: readonly number[]): number {
  const some = known(values);
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}

/** The standard deviation of a sample; NaN of fewer than two values. */
export function deviationOf(values: readonly number[]): number {
  const some = known(values);
  const mean = meanOf(some);
  return Math.sqrt(some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (some.length - 1));
}
