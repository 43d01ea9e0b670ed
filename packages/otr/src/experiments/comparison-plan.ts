/** @file The runs of a comparison: what each is to do, and where. */
import { join, resolve } from "node:path";
import type { CompareConfig } from "../config/compare-options.js";
import { resolveTrainLayers } from "../config/compared-train-options.js";
import { type BaseModel, baseFolderName, baseModelOf } from "./base-model.js";
import {
  cellsOf,
  datasetOf,
  type PreparedObjective,
  prepareObjective,
  type Trial,
} from "./comparison-cell.js";
import type { ComparisonTasks } from "./comparison-tasks.js";
import type { RunOrder } from "./run-order.js";

/** A process that is to run, with the bytes that it will hold. */
export interface Job {
  readonly name: string;
  readonly order: RunOrder;
  readonly memory: number;
}

/** A trial with its folder. */
export interface PlannedRun extends Trial, Job {
  readonly folder: string;
}

/** Steps of a timing run, and how often each objective is timed. */
const TIMED_STEPS = 12;
const TIMED_ROUNDS = [0, 1, 2] as const;

/** What a timing run does beside its steps: it tells of each. */
const UNWATCHED = { evalStrategy: "no", evalDataset: null, saveStrategy: "no", loggingSteps: 1 } as const;

/** Makes the orders of all runs. */
export class ComparisonPlan {
  constructor(
    readonly config: CompareConfig,
    readonly tasks: ComparisonTasks,
  ) {}

  /**
   * Every objective in every cell, with its rows read.
   *
   * @throws as `prepareObjective` does
   */
  async prepare(): Promise<PreparedObjective[]> {
    const prepared: PreparedObjective[] = [];
    for (const cell of cellsOf(this.config)) {
      for (const objective of this.config.objectives.keys()) {
        const folder = join(this.config.outputDir, "runs", "run");
        prepared.push(await prepareObjective(this.config, cell, objective, folder));
      }
    }
    return prepared;
  }

  /** Every base model by all tasks of all of its cells. */
  bases(prepared: readonly PreparedObjective[]): (Job & BaseModel)[] {
    return [...this.config.models.keys()].map((model) => {
      const base = baseModelOf(this.config, model);
      const own = prepared.filter((each) => each.model === model);
      const tasks = [
        ...new Set(own.flatMap((each) => Object.values(datasetOf(this.config, each).tasks).flat())),
      ];
      const order = this.#order({ folder: this.#baseFolder(base), training: null, source: base, tasks });
      return {
        ...base,
        name: `base ${model}`,
        memory: Math.max(...own.map((each) => each.measuringMemory)),
        order,
      };
    });
  }

  /**
   * Short runs of each objective. Objectives take turns, since the speed of a machine changes by the minute; and each turn has
   * other rows.
   */
  timing(
    prepared: readonly PreparedObjective[],
  ): (Job & { readonly of: PreparedObjective; readonly seed: number })[] {
    const { learningRates, outputDir } = this.config;
    return TIMED_ROUNDS.flatMap((round) =>
      prepared.map((of) => {
        const { name, options } = of.configure(learningRates[0]!, round, TIMED_STEPS * of.stepCycle);
        const folder = resolve(outputDir, "timing", name);
        const training = resolveTrainLayers([options, { ...UNWATCHED, outputDir: folder }]);
        const order = this.#order({
          folder,
          training,
          source: baseModelOf(this.config, of.model),
          tasks: [],
        });
        // One after the other: beside another run a step takes longer.
        return { of, seed: round, name: `timing of ${name}`, order, memory: Number.POSITIVE_INFINITY };
      }),
    );
  }

  /** The runs that choose a learning rate. Their seeds judge nothing. */
  trials(each: PreparedObjective, tokensPerSecond: number | null): PlannedRun[] {
    const { learningRates, selection } = this.config;
    const { validation } = datasetOf(this.config, each).tasks;
    return learningRates.flatMap((learningRate) =>
      selection.seeds.map((seed) =>
        this.#plan(each, { learningRate, seed }, { tasks: validation, tokens: null, tokensPerSecond }),
      ),
    );
  }

  /** The runs with the chosen learning rate, which are judged. */
  repetitions(each: PreparedObjective, learningRate: number, tokensPerSecond: number | null): PlannedRun[] {
    const { tasks: roles } = datasetOf(this.config, each);
    const base = baseModelOf(this.config, each.model);
    const tokens = {
      base,
      baseFolder: this.#baseFolder(base),
      forgetting: this.tasks.namesOf(roles.forgetting),
      rows: this.config.tokenRows,
    };
    const tasks = Object.values(roles).flat();
    return this.config.seeds.map((seed) =>
      this.#plan(each, { learningRate, seed }, { tasks, tokens, tokensPerSecond }),
    );
  }

  #plan(
    each: PreparedObjective,
    { learningRate, seed }: Pick<Trial, "learningRate" | "seed">,
    measured: {
      readonly tasks: readonly string[];
      readonly tokens: RunOrder["tokens"];
      readonly tokensPerSecond: number | null;
    },
  ): PlannedRun {
    const { model, dataset, objective } = each;
    const steps = this.#steps(each, seed, measured.tokensPerSecond);
    const { name, options } = each.configure(learningRate, seed, steps);
    const folder = resolve(this.config.outputDir, "runs", name);
    const training = resolveTrainLayers([options, { outputDir: folder }]);
    const source = { path: folder, revision: null, adapter: null };
    const order = this.#order({ folder, training, source, tasks: measured.tasks, tokens: measured.tokens });
    const memory = Math.max(each.trainingMemory, each.measuringMemory);
    return { model, dataset, objective, learningRate, seed, name, folder, order, memory };
  }

  /** Optimizer steps of a run; null: those that its options say. */
  #steps(each: PreparedObjective, seed: number, tokensPerSecond: number | null): number | null {
    const { budget } = this.config;
    if (budget === null) return null;
    const tokens = "tokens" in budget ? budget.tokens : budget.seconds * tokensPerSecond!;
    return each.stepsForTokens(tokens, seed);
  }

  #baseFolder(base: BaseModel): string {
    return resolve(this.config.outputDir, "base", baseFolderName(base));
  }

  #order(
    order: Pick<RunOrder, "folder" | "training" | "source"> & {
      readonly tasks: readonly string[];
      readonly tokens?: RunOrder["tokens"];
    },
  ): RunOrder {
    const { evaluation, train } = this.config;
    const { device = "auto", numThreads } =
      order.training ?? (train as { device?: string; numThreads: number });
    return {
      tokens: null,
      ...order,
      tasks: this.tasks.ordersOf(order.tasks),
      evaluation,
      device,
      numThreads,
    };
  }
}
