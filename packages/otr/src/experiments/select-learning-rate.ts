/** @file Chooses the learning rate of an objective. */

/** A learning rate with what was measured of its runs. */
export interface Candidate {
  readonly learningRate: number;
  /** Means over its seeds; null: a run failed, so that it cannot be chosen. */
  readonly score: number | null;
}

/** How a choice was made. */
export interface Selection {
  /** Null: no candidate has a score. */
  readonly chosen: number | null;
  /** Whether the choice is the smallest or the largest that was tried, so that a better one may lie beyond. */
  readonly atEdge: "smallest" | "largest" | null;
  /** Whether all of several candidates score within the tolerance: then nothing speaks for the one that is chosen. */
  readonly isTied: boolean;
}

/**
 * The smallest learning rate whose score is within `tolerance` of the best one.
 *
 * @param candidates from the smallest learning rate to the largest
 */
export function selectLearningRate(
  candidates: readonly Candidate[],
  { tolerance, greaterIsBetter }: { readonly tolerance: number; readonly greaterIsBetter: boolean },
): Selection {
  const sign = greaterIsBetter ? 1 : -1;
  const scored = candidates.flatMap(({ learningRate, score }) =>
    score === null ? [] : [{ learningRate, goodness: sign * score }],
  );
  const best = Math.max(...scored.map(({ goodness }) => goodness));
  // Sums of rounded numbers may differ in their last digit.
  const isGood = ({ goodness }: (typeof scored)[number]) => goodness >= best - tolerance - 1e-12;
  const chosen = scored.find(isGood)?.learningRate ?? null;
  const isTied = scored.length > 1 && scored.every(isGood);
  return { chosen, atEdge: isTied ? null : edgeOf(chosen, candidates), isTied };
}

function edgeOf(chosen: number | null, candidates: readonly Candidate[]): Selection["atEdge"] {
  if (chosen === null || candidates.length === 1) return null;
  if (chosen === candidates[0]!.learningRate) return "smallest";
  return chosen === candidates.at(-1)!.learningRate ? "largest" : null;
}
