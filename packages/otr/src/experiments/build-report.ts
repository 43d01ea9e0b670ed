/** @file Makes the report of a comparison from the files of its runs. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { CompareConfig } from "../config/compare-options.js";
import { optionName } from "../config/option-name.js";
import { readMetrics } from "../training/read-metrics.js";
import { type Cell, cellsOf, datasetOf } from "./comparison-cell.js";
import {
  compareObjectives,
  type NamedSamples,
  type ObjectivePair,
  type UnadjustedDifference,
} from "./compare-objectives.js";
import { findFlips } from "./find-flips.js";
import { judgeDifferences } from "./judge-differences.js";
import { reportedScore } from "./reported-score.js";
import type { SeedSamples } from "./seed-samples.js";
import type {
  FinishedComparison,
  FinishedRun,
  JudgedTask,
  LearningRateChoice,
} from "./finished-comparison.js";
import { readMeasurement, type TokenMeasurement, type TokenShift } from "./measurement.js";
import {
  BASE_MODEL,
  type ComparisonReport,
  type JudgingRole,
  type ReportedCell,
  type ReportedChoice,
  type ReportedRun,
  type ReportedTask,
  type ReportedTokens,
} from "./report.js";
import { reportWarnings } from "./report-warnings.js";
import { readTaskSamples } from "./task-samples.js";
import { verdictOf } from "./verdict.js";

const ROLES: readonly (readonly [key: "inDomain" | "outOfDomain" | "forgetting", role: JudgingRole])[] = [
  ["inDomain", "in_domain"],
  ["outOfDomain", "out_of_domain"],
  ["forgetting", "forgetting"],
];

/** Reads what all runs measured. Objectives are compared by the seeds that both have finished. */
export function buildReport(comparison: FinishedComparison): ComparisonReport {
  const { config } = comparison;
  const runs = comparison.runs.map((run) => reportedRun(run, config));
  const measured = cellsOf(config).filter(({ model }) =>
    comparison.bases.some((base) => base.model === model),
  );
  const cells = judgeCells(measured.map((cell) => reportedCell(comparison, cell)));
  const choices = comparison.choices.map(reportedChoice);
  const { failures } = comparison;
  const warnings = reportWarnings({ config, choices, cells, runs, failures });
  return {
    version: 1,
    created: new Date().toISOString(),
    config: writtenConfig(config),
    verdict: verdictOf({ cells, choices, seeds: config.seeds.length }),
    warnings,
    failures,
    choices,
    cells,
    runs,
  };
}

function reportedRun(
  { folder, isFinal, failure, learningRate, ...run }: FinishedRun,
  { outputDir }: CompareConfig,
): ReportedRun {
  const { training, tokens, tasks } = readMeasurement(folder);
  const scores = Object.keys(tasks).map((task) => {
    const samples = readTaskSamples(folder, task);
    return [task, samples.reduce((sum, { score }) => sum + score, 0) / samples.length] as const;
  });
  return {
    ...run,
    folder: relative(outputDir, folder),
    learning_rate: learningRate,
    final: isFinal,
    failure,
    cost: training,
    scores: Object.fromEntries(scores),
    kl_from_base: tokens?.kl_from_base ?? null,
    curve: trainingCurve(folder),
  };
}

/** Points of a curve: as many as a picture shows. */
const MOST_POINTS = 120;

function trainingCurve(folder: string): [number, number][] {
  const path = join(folder, "metrics.jsonl");
  if (!existsSync(path)) return [];
  const points = [...readMetrics(path)].flatMap(({ values: { step, nll } }): [number, number][] =>
    typeof nll === "number" ? [[step, Number(nll.toPrecision(5))]] : [],
  );
  const stride = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, at) => at % stride === 0 || at === points.length - 1);
}

const reportedChoice = ({ candidates, atEdge, isTied, ...choice }: LearningRateChoice): ReportedChoice => ({
  ...choice,
  candidates: candidates.map(({ learningRate, ...candidate }) => ({
    learning_rate: learningRate,
    ...candidate,
  })),
  at_edge: atEdge,
  tied: isTied,
});

type UnadjustedTask = Omit<ReportedTask, "differences" | "changes"> &
  Record<"differences" | "changes", readonly UnadjustedDifference[]>;
type UnadjustedCell = Omit<ReportedCell, "tasks"> & { readonly tasks: readonly UnadjustedTask[] };

function reportedCell(comparison: FinishedComparison, cell: Cell): UnadjustedCell {
  const { config, runs } = comparison;
  const own = runs.filter(
    (run) => run.isFinal && run.failure === null && run.model === cell.model && run.dataset === cell.dataset,
  );
  const { tasks } = datasetOf(config, cell);
  const judging = ROLES.flatMap(([key, role]) =>
    comparison.judgedBy(tasks[key]).map((task) => [task, role] as const),
  );
  return {
    ...cell,
    tasks: judging.map(([task, role]) => reportedTask(comparison, cell, own, task, role)),
    tokens: [...config.objectives.keys()].flatMap((objective) => {
      const found = own
        .filter((run) => run.objective === objective)
        .flatMap(({ folder }) => readMeasurement(folder).tokens ?? []);
      return found.length === 0 ? [] : [reportedTokens(objective, found)];
    }),
  };
}

function reportedTask(
  { config, bases }: FinishedComparison,
  cell: Cell,
  runs: readonly FinishedRun[],
  task: JudgedTask,
  role: JudgingRole,
): UnadjustedTask {
  const base = bases.find(({ model }) => model === cell.model)!;
  const samplesIn = (folder: string) => task.tasks.flatMap((name) => readTaskSamples(folder, name));
  const baseSamples = samplesIn(base.folder);
  const objectives = [...config.objectives.keys()].flatMap((name): NamedSamples[] => {
    const own = runs.filter((run) => run.objective === name);
    if (own.length === 0) return [];
    return [{ name, samples: new Map(own.map(({ seed, folder }) => [seed, samplesIn(folder)])) }];
  });
  const pairs = objectives.flatMap((first, at) =>
    objectives.slice(at + 1).flatMap((second) => withCommonSeeds(first, second)),
  );
  const changes = objectives.map((second): ObjectivePair => {
    const samples = new Map([...second.samples.keys()].map((seed) => [seed, baseSamples]));
    return { first: { name: BASE_MODEL, samples }, second };
  });
  const compared = compareObjectives([...pairs, ...changes]);
  return {
    task: task.name,
    tasks: task.tasks,
    role,
    items: baseSamples.length,
    scores: [
      reportedScore(null, new Map([[0, baseSamples]])),
      ...objectives.map(({ name, samples }) => reportedScore(name, samples)),
    ],
    differences: compared.slice(0, pairs.length),
    changes: compared.slice(pairs.length),
    flips: pairs.map(({ first, second }) => ({
      first: first.name,
      second: second.name,
      ...findFlips(first.samples, second.samples),
    })),
  };
}

/** Two objectives with the seeds that both have; nothing where they have none in common. */
function withCommonSeeds(first: NamedSamples, second: NamedSamples): ObjectivePair[] {
  const seeds = [...first.samples.keys()].filter((seed) => second.samples.has(seed));
  if (seeds.length === 0) return [];
  const pick = ({ name, samples }: NamedSamples): NamedSamples => {
    const common: SeedSamples = new Map(seeds.map((seed) => [seed, samples.get(seed)!]));
    return { name, samples: common };
  };
  return [{ first: pick(first), second: pick(second) }];
}

/** All differences of a report are one family of tests, and all changes from base models are another. */
function judgeCells(cells: readonly UnadjustedCell[]): ReportedCell[] {
  const tasks = cells.flatMap((cell) => cell.tasks);
  const judge = (key: "differences" | "changes") => {
    const family = tasks.flatMap((task) => task[key]);
    return new Map(judgeDifferences(family).map((judged, at) => [family[at]!, judged]));
  };
  const [differences, changes] = [judge("differences"), judge("changes")];
  return cells.map((cell) => ({
    ...cell,
    tasks: cell.tasks.map((task) => ({
      ...task,
      differences: task.differences.map((each) => differences.get(each)!),
      changes: task.changes.map((each) => changes.get(each)!),
    })),
  }));
}

function reportedTokens(objective: string, found: readonly TokenMeasurement[]): ReportedTokens {
  const divergences = found.flatMap(({ kl_from_base: kl }) => kl ?? []);
  return {
    objective,
    kl_from_base:
      divergences.length === 0 ? null : divergences.reduce((sum, kl) => sum + kl, 0) / divergences.length,
    by_probability: joinShifts(found.map((each) => each.by_probability)),
    by_kind: joinShifts(found.map((each) => each.by_kind)),
    rows: found[0]!.rows,
  };
}

/** Groups of several seeds as one; each token counts the same. */
function joinShifts(seeds: readonly (readonly TokenShift[])[]): TokenShift[] {
  const groups = [...new Set(seeds.flat().map(({ group }) => group))];
  return groups.map((group) => {
    const own = seeds.flat().filter((shift) => shift.group === group);
    const tokens = own.reduce((sum, shift) => sum + shift.tokens, 0);
    const mean = (key: "before" | "after" | "shift") =>
      own.reduce((sum, shift) => sum + shift[key] * shift.tokens, 0) / tokens;
    return { group, tokens, before: mean("before"), after: mean("after"), shift: mean("shift") };
  });
}

/** The configuration as its file spells it. */
function writtenConfig(config: CompareConfig): Record<string, unknown> {
  const plain = (value: unknown): unknown =>
    value instanceof Map ? Object.fromEntries([...value].map(([key, inner]) => [key, named(inner)])) : value;
  const named = (value: unknown): unknown => {
    if (value instanceof Map) return plain(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [optionName(key), named(inner)]));
  };
  return named(Object.fromEntries(Object.entries(config))) as Record<string, unknown>;
}
