import type { RewardInput } from "./reward.js";

/** 1 where a completion is the reference, but for space at both ends; else 0. */
export const exactMatch = ({ completions, references }: RewardInput): number[] =>
  completions.map((completion, at) => Number(completion.trim() === references[at]!.trim()));
