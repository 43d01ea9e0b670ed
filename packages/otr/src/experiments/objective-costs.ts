/** @file What the final runs of each objective have cost, means over seeds. */
import type { ComparisonReport, ReportedCell } from "./report.js";

/** Means over the seeds of an objective. */
export interface ObjectiveCost {
  readonly objective: string;
  readonly learningRate: number;
  readonly runs: number;
  readonly steps: number;
  readonly tokens: number;
  readonly seconds: number;
  /** The largest of them. */
  readonly memoryBytes: number;
}

/** The costs in a cell, in the order in which objectives first ran. */
export function objectiveCosts({ runs }: ComparisonReport, cell: ReportedCell): ObjectiveCost[] {
  const own = runs.filter(
    ({ final, model, dataset }) => final && model === cell.model && dataset === cell.dataset,
  );
  return [...new Set(own.map(({ objective }) => objective))].flatMap((objective) => {
    const of = own.filter((run) => run.objective === objective);
    const costs = of.flatMap(({ cost }) => cost ?? []);
    if (costs.length === 0) return [];
    const mean = (key: "steps" | "tokens" | "seconds") =>
      costs.reduce((sum, cost) => sum + cost[key], 0) / costs.length;
    return [
      {
        objective,
        learningRate: of[0]!.learning_rate,
        runs: costs.length,
        steps: mean("steps"),
        tokens: mean("tokens"),
        seconds: mean("seconds"),
        memoryBytes: Math.max(...costs.map((cost) => cost.memory_bytes)),
      },
    ];
  });
}
