import { DataError } from "../../errors.js";

/**
 * The unbiased estimate of the probability that one of k samples is right, from n samples of which c are:
 * `1 - C(n - c, k) / C(n, k) = 1 - prod_{i = n-c+1}^{n} (1 - k / i)` (Chen et al., "Evaluating Large Language Models Trained
 * on Code", arXiv 2107.03374).
 *
 * @param samples n, at least k
 * @param correct c
 * @throws {DataError} `STATISTICS_COUNTS` unless 0 <= c <= n and 1 <= k <= n, whole numbers
 */
export function passAtK(samples: number, correct: number, k: number): number {
  const isWhole = [samples, correct, k].every(Number.isSafeInteger);
  if (!isWhole || correct < 0 || correct > samples || k < 1 || k > samples) {
    throw new DataError(
      "STATISTICS_COUNTS",
      `pass@${k} of ${correct} right answers in ${samples} cannot be estimated: it takes at least ${k} samples an item, and no more right ones than samples`,
    );
  }
  if (samples - correct < k) return 1;
  let allWrong = 1;
  for (let i = samples - correct + 1; i <= samples; i++) allWrong *= 1 - k / i;
  return 1 - allWrong;
}
