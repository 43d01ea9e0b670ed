/** @file Comparisons as chance would have them: items of all difficulties, and runs that differ by their seeds. */
import { compareObjectives } from "../../src/experiments/compare-objectives.js";
import { judgeDifferences } from "../../src/experiments/judge-differences.js";
import type { ReportedDifference } from "../../src/experiments/report.js";
import { normalNumbers, randomNumbers } from "../random-numbers.js";
import { named, ofLength } from "./sample-answers.js";

/** What is simulated. */
export interface Simulation {
  readonly objectives: number;
  readonly tasks: number;
  readonly items: number;
  readonly seeds: number;
  /** Deviation of a run's ability, and what the last objective has more of it than the others, in logits. */
  readonly runDeviation: number;
  readonly advantage: number;
}

/** Makes reports of one simulation, each with all of its differences. */
export function simulate(simulation: Simulation, randomSeed: number): () => ReportedDifference[] {
  const { objectives, tasks, items, seeds, runDeviation, advantage } = simulation;
  const uniform = randomNumbers(randomSeed);
  const normal = normalNumbers(uniform);
  const rightWith = (logit: number) => Number(uniform() < 1 / (1 + Math.exp(-logit)));
  return () => {
    const family = ofLength(tasks, () => 0).flatMap(() => {
      const ease = ofLength(items, () => 1.5 * normal());
      const all = ofLength(objectives, (at) => at).map((objective) => {
        const more = objective === objectives - 1 ? advantage : 0;
        const runs = ofLength(seeds, () => runDeviation * normal() + more);
        return named(
          `${objective}`,
          ...runs.map((ability) => ease.map((logit) => rightWith(logit + ability))),
        );
      });
      const pairs = all.flatMap((first, at) => all.slice(at + 1).map((second) => ({ first, second })));
      return compareObjectives(pairs, { seed: 1, draws: 1 });
    });
    return judgeDifferences(family);
  };
}
