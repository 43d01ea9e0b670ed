/** The reward functions that come with this program. */
export const REWARD_NAMES = ["exact_match", "math_verify", "code"] as const;
export type RewardName = (typeof REWARD_NAMES)[number];

/** Whether an entry of `reward_funcs` is a file of the person's own. */
export const isRewardModule = (entry: string): boolean => /\.m?js$/.test(entry);
