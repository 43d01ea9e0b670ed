/** @file What objectives scored on the items of a task, and how they differ, item by item and seed by seed. */
import { averageSeeds } from "../evaluation/statistics/average-seeds.js";
import { comparePaired } from "../evaluation/statistics/compare-paired.js";
import type { Interval } from "../evaluation/statistics/interval.js";
import { type McNemar, mcnemar } from "../evaluation/statistics/mcnemar.js";
import { mean, standardError } from "../evaluation/statistics/standard-error.js";
import { studentUpperTail } from "../evaluation/statistics/student-t.js";
import { tInterval } from "../evaluation/statistics/t-interval.js";
import { wilsonInterval } from "../evaluation/statistics/wilson-interval.js";
import type { ReportedDifference, ReportedFlip, ReportedScore } from "./report.js";
import type { TaskSample } from "./task-samples.js";

/** The answers of one objective, by seed. */
export type SeedSamples = ReadonlyMap<number, readonly TaskSample[]>;

/** Draws of every bootstrap of a report. */
const BOOTSTRAP = { seed: 20_250_926 } as const;
const LEVEL = 0.05;

/** The mean score of an objective, or of the base model (`null`), with its errors. */
export function reportedScore(objective: string | null, samples: SeedSamples): ReportedScore {
  const average = averageSeeds(scoresOf(samples));
  const all = [...samples.values()].flat();
  return {
    objective,
    mean: mean(average.items),
    interval: itemInterval(average.items),
    seeds: average.seeds,
    seed_deviation: average.spread,
    truncated: mean(all.map(({ isTruncated }) => Number(isTruncated))),
  };
}

/** Wilson's where each item is right or wrong; else by t. */
function itemInterval(items: readonly number[]): Interval | null {
  if (items.every(isRightOrWrong))
    return wilsonInterval(
      items.reduce((sum, score) => sum + score, 0),
      items.length,
    );
  return tInterval(mean(items), standardError(items), items.length - 1);
}

const isRightOrWrong = (score: number): boolean => score === 0 || score === 1;

const scoresOf = (samples: SeedSamples): number[][] =>
  [...samples.values()].map((own) => own.map(({ score }) => score));

/** A difference before p-values are adjusted for how many there are. */
export type UnadjustedDifference = Omit<ReportedDifference, "p_adjusted" | "shown">;

/** Compares two objectives on the same items; `samples` of both have the same seeds. */
export function compareObjectives(
  [first, firstSamples]: readonly [name: string, samples: SeedSamples],
  [second, secondSamples]: readonly [name: string, samples: SeedSamples],
): UnadjustedDifference {
  const [one, other] = [averageSeeds(scoresOf(firstSamples)), averageSeeds(scoresOf(secondSamples))];
  const paired = comparePaired(one.items, other.items, BOOTSTRAP);
  const bySeed = other.seeds.map((score, seed) => score - one.seeds[seed]!);
  const isBinary = one.seeds.length === 1 && [...one.items, ...other.items].every(isRightOrWrong);
  const test = isBinary ? flipTest(one.items, other.items) : null;
  return {
    first,
    second,
    difference: paired.difference,
    interval: paired.interval,
    bootstrap: paired.bootstrap,
    seed_interval: tInterval(mean(bySeed), standardError(bySeed), bySeed.length - 1),
    // Where no answer differs, the items tell nothing of what they would show.
    detectable: paired.detectable === 0 ? null : paired.detectable,
    correlation: paired.correlation,
    mcnemar: test,
    p_value: test?.pValue ?? pairedTest(paired.difference, paired.standardError, paired.items - 1),
  };
}

function flipTest(first: readonly number[], second: readonly number[]): McNemar {
  const countWhere = (right: readonly number[], wrong: readonly number[]) =>
    right.filter((score, item) => score > wrong[item]!).length;
  return mcnemar(countWhere(first, second), countWhere(second, first));
}

/** Two-sided, by Student's t. */
function pairedTest(difference: number, error: number | null, freedom: number): number {
  if (difference === 0 || error === null) return 1;
  return error === 0 ? 0 : Math.min(1, 2 * studentUpperTail(Math.abs(difference) / error, freedom));
}

/** Whether a difference stands out from both items and seeds. */
export function isShown({ seed_interval: seeds }: UnadjustedDifference, adjusted: number): boolean {
  const isOneSided = seeds === null || seeds.low > 0 || seeds.high < 0;
  return adjusted < LEVEL && isOneSided;
}

const MOST_EXAMPLES = 12;

/** Answers that only one of two objectives has right. */
export function findFlips(firstSamples: SeedSamples, secondSamples: SeedSamples) {
  const flips: ReportedFlip[] = [];
  for (const [seed, samples] of firstSamples) {
    const others = new Map(secondSamples.get(seed)!.map((sample) => [sample.docId, sample]));
    for (const one of samples) {
      const other = others.get(one.docId);
      if (other === undefined || one.score === other.score) continue;
      const { docId: doc_id, prompt, target } = one;
      flips.push({ doc_id, seed, prompt, target, first: answerOf(one), second: answerOf(other) });
    }
  }
  const ofFirst = flips.filter(({ first, second }) => first.score > second.score);
  const ofSecond = flips.filter(({ first, second }) => second.score > first.score);
  return {
    only_first: ofFirst.length,
    only_second: ofSecond.length,
    examples: [...ofFirst.slice(0, MOST_EXAMPLES), ...ofSecond.slice(0, MOST_EXAMPLES)],
  };
}

const answerOf = ({ answer, response, score }: TaskSample): ReportedFlip["first"] => ({
  answer,
  response,
  score,
});
