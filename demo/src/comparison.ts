/** @file The experiment: every method in every setting at the same budget, over several seeds. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runQueue } from "one-token-rollout";
import { startChildRun } from "./child-run.js";
import { baseModelFolder } from "./base-model.js";
import { evaluationItems, trainingItems, type EvaluationItems } from "./items.js";
import type { RunResult, RunSpecification } from "./run-specification.js";
import { type MethodName, methods, type Setting, type SettingName, settings } from "./settings.js";
import type { Item } from "./skills.js";

/** A base model with the questions and training rows that go with it. */
export interface Material {
  readonly baseModel: string;
  evaluation(target: Setting["target"]): EvaluationItems;
  training(setting: SettingName, seed: number): readonly Item[];
}

/** The repository's own base model, questions and rows. */
export const ownMaterial: Material = {
  baseModel: baseModelFolder,
  evaluation: evaluationItems,
  training: (setting, seed) => trainingItems(settings[setting], seed),
};

/** Which runs a comparison consists of. */
export interface Plan {
  readonly methods: Readonly<Record<SettingName, readonly MethodName[]>>;
  /** Runs of each method in each setting; their seeds are 0, 1, 2, ... */
  readonly seeds: number;
  /** Whether to answer the test questions once more by sampling at temperature 1. */
  readonly sampleTest: boolean;
}

/** One process: a fine-tuning run, or the measurement of the base model before it. */
export interface Job {
  readonly setting: SettingName;
  /** Null for the base model as it is. */
  readonly method: MethodName | null;
  readonly seed: number;
}

export interface FinishedRun extends Job {
  readonly result: RunResult;
}

/** What is told while a comparison runs. */
export interface Progress {
  started(jobs: readonly Job[]): void;
  advanced(job: Job, share: number): void;
  finished(run: FinishedRun): void;
}

/**
 * The processes of a plan, in the order in which they start: the base model's measurements (one for each
 * target skill), then the runs seed by seed, so that every setting has results early.
 */
export function jobsOf(plan: Plan): Job[] {
  const names = Object.keys(plan.methods) as SettingName[];
  const jobs: Job[] = [];
  const measured = new Set<Setting["target"]>();
  for (const setting of names) {
    if (measured.has(settings[setting].target)) continue;
    measured.add(settings[setting].target);
    jobs.push({ setting, method: null, seed: 0 });
  }
  for (let seed = 0; seed < plan.seeds; seed++) {
    for (const setting of names) {
      for (const method of plan.methods[setting]) jobs.push({ setting, method, seed });
    }
  }
  return jobs;
}

/**
 * Carries out a plan with `workers` processes side by side.
 *
 * @param workFolder a temporary folder for the runs' files, which are removed run by run.
 * @returns every run in the order of {@link jobsOf}.
 * @throws the first run's error, or the signal's reason; no process is left then.
 */
export async function compare(
  material: Material,
  plan: Plan,
  options: { workers: number; workFolder: string; signal: AbortSignal; progress: Progress },
): Promise<FinishedRun[]> {
  const { workers, workFolder, signal, progress } = options;
  const module = fileURLToPath(new URL("./run-one.js", import.meta.url));
  const jobs = jobsOf(plan);
  progress.started(jobs);
  // A figure that lacks a run would be another figure: the first that fails ends all.
  const failed = new AbortController();
  const start = (job: Job) => {
    const runFolder = join(workFolder, `${job.setting}-${job.method ?? "base"}-${job.seed}`);
    mkdirSync(runFolder);
    const specification = specify(job, material, plan, { runFolder, workFolder });
    const running = startChildRun(module, specification, (share) => progress.advanced(job, share));
    const result = running.result.then((measured) => {
      rmSync(runFolder, { recursive: true, force: true });
      const run = { ...job, result: measured };
      progress.finished(run);
      return run;
    });
    result.catch((error: unknown) => failed.abort(error));
    return { result, kill: running.kill };
  };
  const limits = { maxParallel: workers, memoryBudget: Number.POSITIVE_INFINITY, memoryOf: () => 0 };
  const outcomes = await runQueue(jobs, limits, start, AbortSignal.any([signal, failed.signal]));
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

function specify(
  job: Job,
  material: Material,
  plan: Plan,
  { runFolder, workFolder }: { runFolder: string; workFolder: string },
): RunSpecification {
  const setting = settings[job.setting];
  return {
    baseModel: material.baseModel,
    workFolder: runFolder,
    temporaryFolder: workFolder,
    training: job.method && {
      rows: material.training(job.setting, job.seed),
      method: methods[job.method],
      learningRate: setting.learningRates[job.method],
      seed: job.seed,
    },
    evaluation: material.evaluation(setting.target),
    sampleTest: plan.sampleTest,
  };
}
