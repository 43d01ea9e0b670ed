/** What a reward function judges: texts side by side. */
export interface RewardInput {
  /** As the model reads them. */
  readonly prompts: readonly string[];
  /** What the model wrote, without the end token. */
  readonly completions: readonly string[];
  /** What the row of the data set has in its place. */
  readonly references: readonly string[];
}

/** Judges completions: a number for each, or null where it has no opinion. */
export type RewardFunction = (
  input: RewardInput,
) => readonly (number | null)[] | Promise<readonly (number | null)[]>;

/** A reward function with the name that metrics have. */
export interface Reward {
  readonly name: string;
  readonly judge: RewardFunction;
}
