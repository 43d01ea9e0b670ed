/** @file What a reader of a comparison must know to judge it. */
import type { CompareConfig } from "../config/compare-options.js";
import { counted, formatNumber } from "../config/format-value.js";
import type { FinishedComparison } from "./finished-comparison.js";
import type { ComparisonReport } from "./report.js";
import { figure } from "./report-format.js";

/** Share of answers that may be cut off before it is said, and difference in cost between objectives. */
const MOST_TRUNCATED = 0.02;
const MOST_UNEQUAL = 0.1;

/** Sentences for the person. */
export function reportWarnings({
  config,
  choices,
  cells,
  runs,
  failures,
}: { readonly config: CompareConfig } & Pick<ComparisonReport, "choices" | "cells" | "runs"> &
  Pick<FinishedComparison, "failures">): string[] {
  const failed = runs.flatMap(({ name, failure: reason }) => (reason === null ? [] : [{ name, reason }]));
  const warnings = [...failures, ...failed].map(
    ({ name, reason }) => `${name} failed and is not counted: ${reason.split("\n", 1)[0]}`,
  );
  if (config.selection.metric === "eval_loss" && config.learningRates.length > 1) {
    warnings.push(
      "Learning rates were chosen by the negative log-likelihood, which supervised fine-tuning minimises: that favours it.",
    );
  }
  for (const { dataset, model, objective, candidates, chosen, at_edge, tied } of choices) {
    if (chosen === null)
      warnings.push(
        `${objective} on ${model} and ${dataset} has no learning rate at which all runs finished.`,
      );
    if (tied && chosen !== null) {
      const scores = candidates.flatMap(({ score }) => score ?? []);
      warnings.push(
        `${objective} on ${model} and ${dataset} scored alike at all learning rates (${figure(Math.min(...scores))} to ${figure(Math.max(...scores))}): the smallest, ${formatNumber(chosen)}, was taken, and nothing speaks for it.`,
      );
    }
    if (at_edge === null || chosen === null) continue;
    warnings.push(
      `${objective} on ${model} and ${dataset} is best at ${formatNumber(chosen)}, the ${at_edge} learning rate that was tried: a better one may lie beyond.`,
    );
  }
  for (const { dataset, tasks } of cells) {
    for (const { task, scores } of tasks) {
      const cut = scores.filter(({ truncated }) => truncated > MOST_TRUNCATED);
      if (cut.length === 0) continue;
      const shares = cut.map(
        ({ objective, truncated }) => `${objective ?? "base"} ${(100 * truncated).toFixed(1)} %`,
      );
      warnings.push(
        `${dataset}, ${task}: the token limit cut answers off (${shares.join(", ")}), which count as they are.`,
      );
    }
  }
  return [...warnings, ...unequalCost(runs, config)];
}

/** The budget is equal by tokens or by seconds; the other one may differ. */
function unequalCost(
  runs: ComparisonReport["runs"],
  { budget, datasets, models, objectives }: CompareConfig,
): string[] {
  const what = budget !== null && "seconds" in budget ? "seconds" : "tokens";
  return [...models.keys()].flatMap((model) =>
    [...datasets.keys()].flatMap((dataset) => {
      const means = [...objectives.keys()].flatMap((objective) => {
        const own = runs.filter(
          (run) =>
            run.final &&
            run.model === model &&
            run.dataset === dataset &&
            run.objective === objective &&
            run.cost,
        );
        return own.length === 0 ? [] : [own.reduce((sum, { cost }) => sum + cost![what], 0) / own.length];
      });
      const [least, most] = [Math.min(...means), Math.max(...means)];
      if (means.length < 2 || most <= least * (1 + MOST_UNEQUAL)) return [];
      const spent = `${formatNumber(Number(least.toPrecision(3)))} to ${formatNumber(Number(most.toPrecision(3)))}`;
      return [
        `The runs of ${counted(means.length, "objective")} on ${model} and ${dataset} did not spend the same: ${spent} ${what}.`,
      ];
    }),
  );
}
