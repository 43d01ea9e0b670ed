/** @file Metrics of texts that are scored whole. */

/** The log-likelihood of a text, and what is divided by it. */
export interface TextScore {
  readonly logProbability: number;
  readonly words: number;
  readonly bytes: number;
}

/** Counts of a text as lm-evaluation-harness counts: words set apart by white space, and bytes of UTF-8. */
export const textScore = (text: string, logProbability: number): TextScore => ({
  logProbability,
  words: text.split(/\s+/u).length,
  bytes: Buffer.byteLength(text),
});

const total = (scores: readonly TextScore[], of: (score: TextScore) => number): number =>
  scores.reduce((sum, score) => sum + of(score), 0);

/** The natural logarithm of the likelihood, negative, of a unit of all texts together. */
const perUnit = (scores: readonly TextScore[], unit: (score: TextScore) => number): number =>
  -total(scores, ({ logProbability }) => logProbability) / total(scores, unit);

/** By name: how the scores of all texts become one number. Longer texts count for more. */
export const PERPLEXITY_METRICS: Readonly<Record<string, (scores: readonly TextScore[]) => number>> = {
  word_perplexity: (scores) => Math.exp(perUnit(scores, ({ words }) => words)),
  byte_perplexity: (scores) => Math.exp(perUnit(scores, ({ bytes }) => bytes)),
  bits_per_byte: (scores) => perUnit(scores, ({ bytes }) => bytes) / Math.LN2,
};
