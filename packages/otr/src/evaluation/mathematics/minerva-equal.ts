import { compareOnThread } from "./comparison-thread.js";

/**
 * Whether two answers, both normalised by `normalizeFinalAnswer`, are equal to Minerva's metric: the same text, or formulas
 * whose difference is 0 (`is_equiv` of lm-evaluation-harness's minerva_math). What takes longer than 5 seconds is not equal.
 */
export function minervaEqual(answer: string, target: string): Promise<boolean> {
  return compareOnThread({ rule: "minerva", gold: target, answer });
}
