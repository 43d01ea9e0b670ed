/** @file Which of several differences stand out from chance. */
import { combinedDetectable } from "../evaluation/statistics/combined-error.js";
import { holm } from "../evaluation/statistics/holm.js";
import type { UnadjustedDifference } from "./compare-objectives.js";
import type { ReportedDifference } from "./report.js";

/** Of which a family of comparisons that are all chance has one that is shown at most. */
export const LEVEL = 0.05;

/**
 * Adjusts the p-values of a family by Holm's method.
 *
 * @returns in the order given
 */
export function judgeDifferences(family: readonly UnadjustedDifference[]): ReportedDifference[] {
  const adjusted = holm(family.map(({ p_value: p }) => p));
  return family.map(({ parts, isAllAlike, ...difference }, at) => ({
    ...difference,
    detectable: parts.length === 0 || isAllAlike ? null : combinedDetectable(parts, LEVEL / family.length),
    p_adjusted: adjusted[at]!,
    shown: adjusted[at]! < LEVEL && difference.seeds > 1,
  }));
}

/** Whether a single run of each differs by more than the choice of items explains, which says nothing of other seeds. */
export const isOfTheseRuns = ({ p_adjusted: p, seeds }: ReportedDifference): boolean =>
  p < LEVEL && seeds === 1;
