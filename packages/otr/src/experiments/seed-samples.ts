/** @file The answers of one objective to the items of a task, by seed, and how far they let its score vary. */
import { clusteredStandardError } from "../evaluation/statistics/clustered-standard-error.js";
import type { ErrorPart } from "../evaluation/statistics/combined-error.js";
import { standardError } from "../evaluation/statistics/standard-error.js";
import type { TaskSample } from "./task-samples.js";

/** The answers of one objective, by seed; all to the same items in the same order. */
export type SeedSamples = ReadonlyMap<number, readonly TaskSample[]>;

/** `[seed][item]` */
export const scoresOf = (samples: SeedSamples): number[][] =>
  [...samples.values()].map((own) => own.map(({ score }) => score));

/** The cluster of each item: items with one prompt are no two independent ones. */
export const clustersOf = (samples: SeedSamples): string[] =>
  [...samples.values()][0]!.map(({ clusterId }) => clusterId);

/** Whether each answer is right or wrong. */
export const isRate = (samples: SeedSamples): boolean =>
  scoresOf(samples).every((own) => own.every((score) => score === 0 || score === 1));

/** What the choice of items adds to the error of their mean; empty where that is not known. */
export function errorOverItems(values: readonly number[], clusters: readonly string[]): ErrorPart[] {
  const found = clusteredStandardError(values, clusters);
  if (found.standardError === null) return [];
  return [{ standardError: found.standardError, freedom: found.clusters - 1 }];
}

/** What the choice of seeds adds, from the mean over items of each; empty for one seed. */
export function errorOverSeeds(seeds: readonly number[]): ErrorPart[] {
  const error = standardError(seeds);
  return error === null ? [] : [{ standardError: error, freedom: seeds.length - 1 }];
}
