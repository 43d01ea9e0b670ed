/** @file A comparison from its configuration to what all of its runs have shown. */
import { mkdirSync } from "node:fs";
import type { CompareConfig } from "../config/compare-options.js";
import { DataError } from "../errors.js";
import { withOutputFolder } from "../training/output-folder.js";
import { removeWeights } from "./carry-out-run.js";
import { datasetOf, type PreparedObjective, type Trial } from "./comparison-cell.js";
import { ComparisonPlan, type Job, type PlannedRun } from "./comparison-plan.js";
import { ComparisonTasks } from "./comparison-tasks.js";
import type {
  FinishedBase,
  FinishedComparison,
  FinishedRun,
  LearningRateChoice,
} from "./finished-comparison.js";
import { readMeasurement } from "./measurement.js";
import { isCarriedOut } from "./pending-work.js";
import type { RunOrder } from "./run-order.js";
import { type QueueLimits, runQueue, type Running } from "./run-queue.js";
import { selectLearningRate } from "./select-learning-rate.js";
import { startRun } from "./start-run.js";
import { readTaskSamples } from "./task-samples.js";
import { trainingSpeed } from "./training-speed.js";

/** What is told while a comparison runs. */
export type ComparisonEvent =
  /** The runs of the next part, of which `finished` were there already. */
  | { readonly type: "stage"; readonly stage: Stage; readonly runs: number; readonly finished: number }
  | { readonly type: "progress"; readonly run: string; readonly doing: string; readonly share: number }
  | { readonly type: "finished"; readonly run: string; readonly seconds: number }
  | { readonly type: "failed"; readonly run: string; readonly reason: string }
  | { readonly type: "note"; readonly message: string };

/** The parts of a comparison, in order. */
export type Stage = "base" | "timing" | "selection" | "final";

/** How to watch and stop a comparison. */
export interface ComparisonOptions {
  readonly onEvent?: (event: ComparisonEvent) => void;
  readonly signal?: AbortSignal;
}

/** How runs are begun, for tests. */
export interface RunningOptions extends ComparisonOptions {
  /** Starts the process of a run. */
  readonly start?: (order: RunOrder, onProgress: (doing: string, share: number) => void) => Running<void>;
}

/**
 * Carries out a comparison, or what is missing of one that was stopped. A run that fails stops no other one, and is tried
 * again by the next call.
 *
 * @throws {ConfigError}, {DataError} for what is wrong with models, rows and tasks, before anything is trained
 * @throws the signal's reason; no process is left then
 */
export function runComparison(
  config: CompareConfig,
  options: RunningOptions = {},
): Promise<FinishedComparison> {
  return withOutputFolder(config.outputDir, async ({ notes }) => {
    const comparison = new Comparison(
      new ComparisonPlan(config, await ComparisonTasks.read(config)),
      options,
    );
    for (const message of notes) comparison.note(message);
    return comparison.carryOut();
  });
}

class Comparison {
  readonly #plan: ComparisonPlan;
  readonly #config: CompareConfig;
  readonly #options: Required<RunningOptions>;
  readonly #failures = new Map<string, string>();
  /** By {@link keyOf}, where the budget is in seconds. */
  readonly #speeds = new Map<string, number>();

  constructor(plan: ComparisonPlan, options: RunningOptions) {
    this.#plan = plan;
    this.#config = plan.config;
    this.#options = { onEvent: () => {}, start: startRun, signal: new AbortController().signal, ...options };
  }

  note(message: string): void {
    this.#options.onEvent({ type: "note", message });
  }

  async carryOut(): Promise<FinishedComparison> {
    const prepared = await this.#plan.prepare();
    const bases = await this.#measureBases(prepared);
    this.#plan.tasks.requireOtherItems(this.#config, bases);
    const measured = prepared.filter(({ model }) => bases.some((base) => base.model === model));
    const timed = await this.#timeSteps(measured);
    // What has failed so far has no run that could tell of it.
    const failures = [...this.#failures].map(([name, reason]) => ({ name, reason }));

    const isChoice = this.#config.learningRates.length > 1;
    const tried = isChoice ? timed.flatMap((each) => this.#plan.trials(each, this.#speedOf(each))) : [];
    await this.#runJobs("selection", tried);
    const choices = timed.map((each) => this.#choose(each, tried));
    const final = choices.flatMap(({ chosen }, at) => {
      const each = timed[at]!;
      return chosen === null ? [] : this.#plan.repetitions(each, chosen, this.#speedOf(each));
    });
    await this.#runJobs("final", final);
    return {
      config: this.#config,
      bases,
      failures,
      choices,
      judgedBy: (named) => this.#plan.tasks.judgedBy(named),
      runs: [
        ...tried.map((run) => this.#finished(run, false)),
        ...final.map((run) => this.#finished(run, true)),
      ],
    };
  }

  /** @throws {DataError} `BASE_NOT_MEASURED` where there is none with which to go on */
  async #measureBases(prepared: readonly PreparedObjective[]): Promise<FinishedBase[]> {
    const jobs = this.#plan.bases(prepared);
    await this.#runJobs("base", jobs);
    const measured = jobs.filter(({ name }) => !this.#failures.has(name));
    const [first] = jobs;
    if (measured.length === 0 && first !== undefined)
      throw new DataError(
        "BASE_NOT_MEASURED",
        `${first.name} cannot be measured: ${this.#failures.get(first.name)}`,
      );
    return measured.map(({ model, path, order: { folder } }) => ({ model, path, folder }));
  }

  /** Where the budget is in seconds: measures how fast each objective trains, and returns those with which that worked. */
  async #timeSteps(prepared: readonly PreparedObjective[]): Promise<PreparedObjective[]> {
    const { budget } = this.#config;
    if (budget === null || !("seconds" in budget)) return [...prepared];
    const jobs = this.#plan.timing(prepared);
    await this.#runJobs("timing", jobs);
    return prepared.filter((each) => {
      const own = jobs.filter(({ of }) => of === each);
      if (own.some(({ name }) => this.#failures.has(name))) return false;
      const speeds = own
        .map(({ order, seed }) => trainingSpeed(order.folder, each, seed))
        .sort((a, b) => a - b);
      this.#speeds.set(keyOf(each), speeds[Math.floor(speeds.length / 2)]!);
      return true;
    });
  }

  #speedOf(each: PreparedObjective): number | null {
    return this.#speeds.get(keyOf(each)) ?? null;
  }

  async #runJobs(stage: Stage, jobs: readonly Job[]): Promise<void> {
    const { onEvent, start, signal } = this.#options;
    const { maxParallel, memoryBudget, keepModels } = this.#config;
    const removeIfUnneeded = ({ folder, training }: RunOrder) => {
      const isNeeded = stage !== "timing" && keepModels;
      if (training !== null && !isNeeded) removeWeights(folder);
    };
    const missing = jobs.filter(({ order }) => !isCarriedOut(order));
    if (jobs.length === 0) return;
    onEvent({ type: "stage", stage, runs: jobs.length, finished: jobs.length - missing.length });
    for (const job of jobs) if (!missing.includes(job)) removeIfUnneeded(job.order);
    const limits: QueueLimits<Job> = {
      maxParallel,
      memoryBudget: memoryBudget ?? process.availableMemory(),
      memoryOf: ({ memory }) => memory,
    };
    const startJob = ({ name, order }: Job): Running<void> => {
      const began = performance.now();
      mkdirSync(order.folder, { recursive: true });
      this.#failures.delete(name);
      const running = start(order, (doing, share) => onEvent({ type: "progress", run: name, doing, share }));
      const result = running.result.then(
        () => {
          removeIfUnneeded(order);
          onEvent({ type: "finished", run: name, seconds: (performance.now() - began) / 1000 });
        },
        (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          this.#failures.set(name, reason);
          if (!signal.aborted) onEvent({ type: "failed", run: name, reason });
        },
      );
      return { result, kill: running.kill };
    };
    await runQueue(missing, limits, startJob, signal);
  }

  #choose(each: PreparedObjective, tried: readonly PlannedRun[]): LearningRateChoice {
    const { learningRates, selection } = this.#config;
    const { model, dataset, objective } = each;
    const own = tried.filter((run) => keyOf(run) === keyOf(each));
    const candidates = learningRates.map((learningRate) => {
      const runs = own.filter((run) => run.learningRate === learningRate);
      const scores = runs.map((run) => this.#selectionScore(run));
      const isWhole = scores.length > 0 && scores.every((score) => score !== null);
      return { learningRate, scores, score: isWhole ? mean(scores) : null };
    });
    const greaterIsBetter = selection.metric === "task";
    const choice =
      learningRates.length === 1
        ? { chosen: learningRates[0]!, atEdge: null, isTied: false }
        : selectLearningRate(candidates, { tolerance: selection.tolerance, greaterIsBetter });
    return { model, dataset, objective, candidates, ...choice };
  }

  /** Null where the run failed. */
  #selectionScore(run: PlannedRun): number | null {
    if (this.#failures.has(run.name)) return null;
    if (this.#config.selection.metric === "eval_loss")
      return readMeasurement(run.folder).training?.eval_loss ?? null;
    const tasks = this.#plan.tasks.namesOf(datasetOf(this.#config, run).tasks.validation);
    return mean(tasks.map((task) => mean(readTaskSamples(run.folder, task).map(({ score }) => score))));
  }

  #finished(run: PlannedRun, isFinal: boolean): FinishedRun {
    const { model, dataset, objective, learningRate, seed, name, folder } = run;
    const failure = this.#failures.get(name) ?? null;
    return { model, dataset, objective, learningRate, seed, name, folder, isFinal, failure };
  }
}

const keyOf = ({ model, dataset, objective }: Pick<Trial, "model" | "dataset" | "objective">): string =>
  JSON.stringify([model, dataset, objective]);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
