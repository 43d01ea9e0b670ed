/** @file How objectives differ on a task, item by item and seed by seed. */
import { averageSeeds } from "../evaluation/statistics/average-seeds.js";
import { combinedInterval, combinedPValue, type ErrorPart } from "../evaluation/statistics/combined-error.js";
import { correlation } from "../evaluation/statistics/correlation.js";
import { type McNemar, mcnemar } from "../evaluation/statistics/mcnemar.js";
import { type BootstrapOptions, pairedBootstraps } from "../evaluation/statistics/paired-bootstrap.js";
import { mean } from "../evaluation/statistics/standard-error.js";
import type { ReportedDifference } from "./report.js";
import {
  clustersOf,
  errorOverItems,
  errorOverSeeds,
  isRate,
  scoresOf,
  type SeedSamples,
} from "./seed-samples.js";

/** Draws of every bootstrap of a report. */
const BOOTSTRAP = { seed: 20_250_926 } as const;

/** The answers of an objective, with its name. */
export interface NamedSamples {
  readonly name: string;
  readonly samples: SeedSamples;
}

/** Two objectives with answers of the same seeds to the same items. */
export interface ObjectivePair {
  readonly first: NamedSamples;
  readonly second: NamedSamples;
}

/** A difference before it is judged as one of several. */
export interface UnadjustedDifference
  extends Omit<ReportedDifference, "detectable" | "p_adjusted" | "shown"> {
  /** What items and seeds add to its error. */
  readonly parts: readonly ErrorPart[];
  /** Whether no item was answered otherwise: then the items tell nothing of what they would show. */
  readonly isAllAlike: boolean;
}

/** Compares the pairs of one task, all on the same items. */
export function compareObjectives(
  pairs: readonly ObjectivePair[],
  bootstrap: BootstrapOptions = BOOTSTRAP,
): UnadjustedDifference[] {
  const compared = pairs.map(comparePair);
  const bootstraps = pairedBootstraps(
    compared.map(({ totals }) => totals),
    bootstrap,
  );
  return compared.map(({ totals: _, ...difference }, at) => ({ ...difference, bootstrap: bootstraps[at]! }));
}

function comparePair({ first, second }: ObjectivePair) {
  const [one, other] = [averageSeeds(scoresOf(first.samples)), averageSeeds(scoresOf(second.samples))];
  const byItem = other.items.map((score, item) => score - one.items[item]!);
  const bySeed = other.seeds.map((score, seed) => score - one.seeds[seed]!);
  const clusters = clustersOf(first.samples);
  const totals = clusterTotals(byItem, clusters);
  const areRates = isRate(first.samples) && isRate(second.samples);
  const ofItems = errorOverItems(byItem, clusters);
  const overItems = areRates ? ofItems.map((part) => withOppositeFlips(part, byItem.length)) : ofItems;
  const overSeeds = errorOverSeeds(bySeed);
  const parts = overItems.length === 0 ? [] : [...overItems, ...overSeeds];
  const difference = mean(byItem);
  const intervalOf = (of: readonly ErrorPart[]) => {
    const interval = combinedInterval(difference, of);
    if (interval === null || !areRates) return interval;
    return { low: Math.max(-1, interval.low), high: Math.min(1, interval.high) };
  };
  const isFlipTest = areRates && bySeed.length === 1 && totals.length === byItem.length;
  const test = isFlipTest ? flipTest(one.items, other.items) : null;
  return {
    first: first.name,
    second: second.name,
    seeds: bySeed.length,
    difference,
    interval: intervalOf(parts),
    item_interval: intervalOf(overItems),
    seed_interval: intervalOf(overSeeds),
    correlation: correlation(one.items, other.items),
    mcnemar: test,
    p_value: Math.max(test?.pValue ?? combinedPValue(difference, parts), smallestSignTest(totals)),
    parts,
    isAllAlike: byItem.every((value) => value === 0),
    totals,
  };
}

/** A value for each prompt, whose mean is that of all items. */
function clusterTotals(values: readonly number[], clusters: readonly string[]): number[] {
  const sums = new Map<string, number>();
  for (const [item, cluster] of clusters.entries())
    sums.set(cluster, (sums.get(cluster) ?? 0) + values[item]!);
  return [...sums.values()].map((sum) => (sum * sums.size) / values.length);
}

/**
 * The error as if half an item more had changed sides each way, so that it is not 0 where all of a few items changed alike
 * (A. Agresti and Y. Min, Statistics in Medicine 24, 2005).
 */
const withOppositeFlips = ({ standardError, freedom }: ErrorPart, items: number): ErrorPart => ({
  standardError: Math.hypot(standardError, 1 / Math.sqrt(items * (items - 1))),
  freedom,
});

/** The least that a sign test can give where so many prompts differ: a few cannot tell much, however alike they are. */
const smallestSignTest = (totals: readonly number[]): number =>
  Math.min(1, 2 ** (1 - totals.filter((total) => total !== 0).length));

function flipTest(first: readonly number[], second: readonly number[]): McNemar {
  const countWhere = (right: readonly number[], wrong: readonly number[]) =>
    right.filter((score, item) => score > wrong[item]!).length;
  return mcnemar(countWhere(first, second), countWhere(second, first));
}
