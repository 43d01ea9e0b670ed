/** @file A comparison from its configuration to what all of its runs have shown. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CompareConfig } from "../config/compare-options.js";
import { resolveTrainLayers } from "../config/compared-train-options.js";
import { DataError, RunError } from "../errors.js";
import { withOutputFolder } from "../training/output-folder.js";
import { removeWeights } from "./carry-out-run.js";
import {
  type Cell,
  cellsOf,
  datasetOf,
  type PreparedObjective,
  prepareObjective,
  type Trial,
} from "./comparison-cell.js";
import { ComparisonTasks } from "./comparison-tasks.js";
import type {
  FinishedBase,
  FinishedComparison,
  FinishedRun,
  LearningRateChoice,
} from "./finished-comparison.js";
import { baseFolderName } from "./base-folder.js";
import { readMeasurement } from "./measurement.js";
import { isCarriedOut } from "./pending-work.js";
import type { RunOrder } from "./run-order.js";
import { type QueueLimits, runQueue, type Running } from "./run-queue.js";
import { selectLearningRate } from "./select-learning-rate.js";
import { startRun } from "./start-run.js";
import { readTaskSamples } from "./task-samples.js";
import { medianStepTime } from "./training-cost.js";

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
    const comparison = new Comparison(config, await ComparisonTasks.read(config), options);
    for (const message of notes) comparison.note(message);
    return comparison.carryOut();
  });
}

/** Steps of a timing run. */
const TIMED_STEPS = 12;

interface Job {
  readonly name: string;
  readonly order: RunOrder;
  readonly memory: number;
}

/** A trial with its folder. */
interface PlannedRun extends Trial {
  readonly name: string;
  readonly folder: string;
  readonly order: RunOrder;
  readonly memory: number;
}

class Comparison {
  readonly #config: CompareConfig;
  readonly #options: Required<RunningOptions>;
  readonly #tasks: ComparisonTasks;
  readonly #failures = new Map<string, string>();
  readonly #steps = new Map<string, number>();

  constructor(config: CompareConfig, tasks: ComparisonTasks, options: RunningOptions) {
    this.#config = config;
    this.#tasks = tasks;
    this.#options = { onEvent: () => {}, start: startRun, signal: new AbortController().signal, ...options };
  }

  note(message: string): void {
    this.#options.onEvent({ type: "note", message });
  }

  async carryOut(): Promise<FinishedComparison> {
    const config = this.#config;
    const cells = cellsOf(config);
    const prepared = await this.#prepare(cells);
    const bases = await this.#measureBases(cells);
    this.#tasks.requireOtherItems(config, (model) => bases.find((base) => base.model === model)!.folder);
    await this.#timeSteps(prepared);

    const tried = config.learningRates.length > 1 ? prepared.flatMap((each) => this.#trials(each)) : [];
    await this.#runJobs("selection", tried);
    const choices = prepared.map((each) => this.#choose(each, tried));
    const final = choices.flatMap(({ chosen }, at) => {
      const each = prepared[at]!;
      if (chosen === null) return [];
      return config.seeds.map((seed) => this.#plan(each, { learningRate: chosen, seed }, "final"));
    });
    await this.#runJobs("final", final);
    if (!config.keepModels) this.#removeModels([...tried, ...final]);

    const finalNames = new Set(final.map(({ name }) => name));
    const runs = new Map([...tried, ...final].map((run) => [run.name, run]));
    return {
      config,
      bases,
      choices,
      namesOf: (named) => this.#tasks.namesOf(named),
      runs: [...runs.values()].map((run) => this.#finished(run, finalNames.has(run.name))),
    };
  }

  async #prepare(cells: readonly Cell[]): Promise<PreparedObjective[]> {
    const prepared: PreparedObjective[] = [];
    for (const cell of cells) {
      for (const objective of this.#config.objectives.keys()) {
        const folder = join(this.#config.outputDir, "runs", "run");
        prepared.push(await prepareObjective(this.#config, cell, objective, folder));
      }
    }
    return prepared;
  }

  /** Every base model by all tasks of all of its cells. */
  async #measureBases(cells: readonly Cell[]): Promise<FinishedBase[]> {
    const { models, outputDir } = this.#config;
    const jobs = [...models].map(([model, path]): Job => {
      const own = cells.filter((cell) => cell.model === model);
      const tasks = [
        ...new Set(own.flatMap((cell) => Object.values(datasetOf(this.#config, cell).tasks).flat())),
      ];
      const folder = resolve(outputDir, "base", baseFolderName(model, path));
      return {
        name: `base ${model}`,
        memory: 0,
        order: this.#order({ folder, training: null, model: path, tasks }),
      };
    });
    await this.#runJobs("base", jobs);
    const [failed] = jobs.filter(({ name }) => this.#failures.has(name));
    if (failed)
      throw new DataError(
        "BASE_NOT_MEASURED",
        `${failed.name} cannot be measured: ${this.#failures.get(failed.name)}`,
      );
    return jobs.map(({ order: { folder, model: path } }, at) => ({
      model: [...models.keys()][at]!,
      path,
      folder,
    }));
  }

  /** Where the budget is in seconds: a short run of each objective tells how many steps they are. */
  async #timeSteps(prepared: readonly PreparedObjective[]): Promise<void> {
    const { budget, learningRates, outputDir } = this.#config;
    if (budget === null || !("seconds" in budget)) return;
    const jobs = prepared.map((each) => {
      const { name, options } = each.configure(learningRates[0]!, 0, TIMED_STEPS * each.stepCycle);
      const folder = resolve(outputDir, "timing", name);
      const training = resolveTrainLayers([options, { ...UNWATCHED, outputDir: folder }]);
      const order = this.#order({ folder, training, model: folder, tasks: [] });
      return { each, job: { name: `timing of ${name}`, order, memory: Number.POSITIVE_INFINITY } };
    });
    // One after the other: beside another run a step takes longer.
    await this.#runJobs(
      "timing",
      jobs.map(({ job }) => job),
    );
    for (const { each, job } of jobs) {
      const failure = this.#failures.get(job.name);
      if (failure !== undefined)
        throw new RunError(
          "TIMING_FAILED",
          `${job.name} failed, so that nobody knows how many steps the budget is: ${failure}`,
        );
      this.#steps.set(
        keyOf(each),
        Math.max(1, Math.round(budget.seconds / medianStepTime(job.order.folder, each.stepCycle))),
      );
    }
  }

  #trials(each: PreparedObjective): PlannedRun[] {
    const { learningRates, seeds, selection } = this.#config;
    return learningRates.flatMap((learningRate) =>
      seeds.slice(0, selection.seeds).map((seed) => this.#plan(each, { learningRate, seed }, "selection")),
    );
  }

  #plan(
    each: PreparedObjective,
    { learningRate, seed }: Pick<Trial, "learningRate" | "seed">,
    stage: "selection" | "final",
  ): PlannedRun {
    const { outputDir, budget, tokenRows, models } = this.#config;
    const { model, dataset, objective, memory } = each;
    const steps =
      budget &&
      ("tokens" in budget ? each.stepsForTokens(budget.tokens, seed) : this.#steps.get(keyOf(each)));
    const { name, options } = each.configure(learningRate, seed, steps ?? null);
    const folder = resolve(outputDir, "runs", name);
    const training = resolveTrainLayers([options, { outputDir: folder }]);
    const { validation, ...judging } = datasetOf(this.#config, each).tasks;
    const tasks = stage === "selection" ? validation : [...validation, ...Object.values(judging).flat()];
    const path = models.get(model)!;
    const tokens = {
      baseModel: path,
      baseFolder: resolve(outputDir, "base", baseFolderName(model, path)),
      forgetting: this.#tasks.namesOf(judging.forgetting),
      rows: tokenRows,
    };
    const order = this.#order({
      folder,
      training,
      model: folder,
      tasks,
      tokens: stage === "final" ? tokens : null,
    });
    return { model, dataset, objective, learningRate, seed, name, folder, order, memory };
  }

  #order(
    order: Pick<RunOrder, "folder" | "training" | "model"> & {
      tasks: readonly string[];
      tokens?: RunOrder["tokens"];
    },
  ): RunOrder {
    const { device, numThreads } = order.training ?? resolveMachine(this.#config);
    const tasks = this.#tasks.ordersOf(order.tasks);
    const { evaluation } = this.#config;
    return { tokens: null, ...order, tasks, evaluation, device, numThreads };
  }

  async #runJobs(stage: Stage, jobs: readonly Job[]): Promise<void> {
    const { onEvent, start, signal } = this.#options;
    const { maxParallel, memoryBudget } = this.#config;
    const missing = jobs.filter(({ order }) => !isCarriedOut(order));
    if (jobs.length === 0) return;
    onEvent({ type: "stage", stage, runs: jobs.length, finished: jobs.length - missing.length });
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
        () => onEvent({ type: "finished", run: name, seconds: (performance.now() - began) / 1000 }),
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
        ? { chosen: learningRates[0]!, atEdge: null }
        : selectLearningRate(candidates, { tolerance: selection.tolerance, greaterIsBetter });
    return { model, dataset, objective, candidates, ...choice };
  }

  /** Null where the run failed. */
  #selectionScore(run: PlannedRun): number | null {
    if (this.#failures.has(run.name)) return null;
    if (this.#config.selection.metric === "eval_loss")
      return readMeasurement(run.folder).training?.eval_loss ?? null;
    const tasks = this.#tasks.namesOf(datasetOf(this.#config, run).tasks.validation);
    return mean(tasks.map((task) => mean(readTaskSamples(run.folder, task).map(({ score }) => score))));
  }

  #removeModels(runs: readonly PlannedRun[]): void {
    for (const run of runs) if (!this.#failures.has(run.name)) removeWeights(run.folder);
  }

  #finished(run: PlannedRun, isFinal: boolean): FinishedRun {
    const { model, dataset, objective, learningRate, seed, name, folder } = run;
    const failure = this.#failures.get(name) ?? null;
    return { model, dataset, objective, learningRate, seed, name, folder, isFinal, failure };
  }
}

/** What a timing run does beside its steps: it tells of each. */
const UNWATCHED = { evalStrategy: "no", evalDataset: null, saveStrategy: "no", loggingSteps: 1 } as const;

const keyOf = ({ model, dataset, objective }: Pick<Trial, "model" | "dataset" | "objective">): string =>
  JSON.stringify([model, dataset, objective]);

/** Where base models are measured. */
function resolveMachine({ train }: CompareConfig): Pick<RunOrder, "device" | "numThreads"> {
  const { device = "auto", numThreads } = train as { device?: string; numThreads: number };
  return { device, numThreads };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
