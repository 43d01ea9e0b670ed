import { statisticNames } from "../objectives/statistics.js";
import type { StatisticSums } from "./training-model.js";

/** No tokens. */
export function emptySums(): StatisticSums {
  return Object.fromEntries(statisticNames.map((name) => [name, 0])) as StatisticSums;
}

/** Adds `more` into `sums`. */
export function addSums(sums: StatisticSums, more: Readonly<StatisticSums>): void {
  for (const name of statisticNames) sums[name] += more[name];
}
