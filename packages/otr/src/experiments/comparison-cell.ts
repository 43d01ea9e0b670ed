/** @file A base model with rows to train on: the place where objectives are compared. */
import { createHash } from "node:crypto";
import { setNumThreads } from "@one-token/torch";
import type { CompareConfig, ComparedDataset } from "../config/compare-options.js";
import { resolveTrainLayers } from "../config/compared-train-options.js";
import { LARGEST_COUNT } from "../config/largest-count.js";
import { formatNumber } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { chooseDevice } from "../models/choose-device.js";
import { runSettings } from "../training/checkpoints/run-settings.js";
import { choosePrecision } from "../training/precision.js";
import { completionsOfRow } from "../training/plan-rollouts.js";
import { batchPlanOf, type PreparedRun, withPreparedRun } from "../training/prepare-run.js";
import { plannedPeak } from "../training/run-memory.js";
import { measuringBytes } from "./measuring-bytes.js";

/** A base model and a data set, by their names in the configuration. */
export interface Cell {
  readonly model: string;
  readonly dataset: string;
}

/** Every cell of a comparison. */
export const cellsOf = ({ models, datasets }: CompareConfig): Cell[] =>
  [...models.keys()].flatMap((model) => [...datasets.keys()].map((dataset) => ({ model, dataset })));

/** The data set of a cell, with its tasks. */
export const datasetOf = ({ datasets }: CompareConfig, { dataset }: Cell): ComparedDataset =>
  datasets.get(dataset)!;

/** A run that could be: an objective in a cell, at a learning rate, with a seed. */
export interface Trial extends Cell {
  readonly objective: string;
  readonly learningRate: number;
  readonly seed: number;
}

/** An objective in a cell, with its rows read and all that is known of its runs before they begin. */
export interface PreparedObjective extends Cell {
  readonly objective: string;
  /** Bytes that a run will hold while it trains, and while it is measured. */
  readonly trainingMemory: number;
  readonly measuringMemory: number;
  /** Steps of which the first takes longer than the others, because the model writes completions for all of them; else 1. */
  readonly stepCycle: number;
  /** The configuration of a trial, but for its folder, and a name for that folder that no other configuration has. */
  configure(learningRate: number, seed: number, maxSteps: number | null): ConfiguredRun;
  /**
   * Optimizer steps whose tokens come nearest to a number of them, in the order that a seed gives the rows. A completion that
   * the model writes is taken to be as long as the row's own, and counts with its prompt.
   */
  stepsForTokens(tokens: number, seed: number): number;
  /** Tokens of the steps from one (0-based) to before another, counted alike. */
  tokensOfSteps(from: number, to: number, seed: number): number;
}

/** What a run trains, and the name of its folder. */
export interface ConfiguredRun {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads model configuration, tokenizer and rows of an objective in a cell.
 *
 * @param folder where runs will be written, for the check of the disk
 * @throws {ConfigError}, {DataError} as `train` would before it loads the model
 */
export function prepareObjective(
  config: CompareConfig,
  cell: Cell,
  objective: string,
  folder: string,
): Promise<PreparedObjective> {
  const layers = [
    config.train,
    config.objectives.get(objective)!,
    { modelNameOrPath: config.models.get(cell.model), dataset: datasetOf(config, cell).dataset },
  ];
  const { batchSize } = config.evaluation;
  const options = Object.assign({}, ...layers) as Record<string, unknown>;
  const trainConfig = resolveTrainLayers([options, { outputDir: folder, seed: 0 }]);
  return withPreparedRun(
    trainConfig,
    (run) => describe(trainConfig, run, { ...cell, objective, options, batchSize }),
    {
      weights: false,
    },
  );
}

/**
 * Options that do not make another run. All others are part of the name of a run's folder, whether they decide on its numbers
 * or not: a run that is made again in vain costs less than a report over results of other options.
 */
const CHANGES_NOTHING: ReadonlySet<string> = new Set<keyof TrainConfig>([
  // Their content is part of the name, wherever they lie.
  "modelNameOrPath",
  "modelRevision",
  "adapterNameOrPath",
  "dataset",
  "evalDataset",
  "chatTemplate",
  "chatTemplatePath",
  // Set run by run.
  "outputDir",
  "learningRate",
  "seed",
  "maxSteps",
  // They follow from the machine and from what runs beside, and decide on last digits at most.
  "numThreads",
  "datasetNumProc",
  "loadFromCacheFile",
  // What is told of a run.
  "loggingSteps",
  "loggingFirstStep",
  "evalPrompts",
  "evalMaxNewTokens",
  "tokenTraceRows",
  "tokenTraceSteps",
  "profile",
  "reportTo",
  "runName",
  "project",
  "saveTotalLimit",
  "resumeFromCheckpoint",
  "resumeAllowChanges",
  "overwriteOutputDir",
  "pushToHub",
  "hubModelId",
  "hubPrivateRepo",
]);

async function describe(
  config: TrainConfig,
  run: PreparedRun,
  {
    options,
    batchSize,
    ...of
  }: Cell & {
    readonly objective: string;
    readonly options: Record<string, unknown>;
    readonly batchSize: number;
  },
): Promise<PreparedObjective> {
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const { settings } = runSettings(config, run, { device, computeDtype });
  const written = Object.entries(config).filter(([key]) => !CHANGES_NOTHING.has(key));
  const decisive = { ...settings, options: Object.fromEntries(written) };
  // They stay when the rows are closed.
  const { lengths } = run.dataset.rows;
  const tokensOfStep = (seed: number) => {
    const { plan } = batchPlanOf({ ...config, seed, maxSteps: LARGEST_COUNT }, { rows: { lengths } });
    const completions = completionsOfRow(config);
    return (step: number): number => {
      let sum = 0;
      for (const batch of plan.microBatches(step))
        for (const row of batch) sum += lengths[row]! * completions;
      return sum;
    };
  };
  return {
    ...of,
    trainingMemory: await plannedPeak(config, run, computeDtype),
    measuringMemory: measuringBytes(run.spec, { batchSize, program: process.memoryUsage.rss() }),
    stepCycle: config.numIterations,
    configure(learningRate, seed, maxSteps) {
      const own = { learningRate, seed, ...(maxSteps !== null && { maxSteps }) };
      const hash = createHash("sha256")
        .update(JSON.stringify({ ...decisive, ...own }))
        .digest("hex");
      const rate = formatNumber(learningRate);
      const name = `${of.model}-${of.dataset}-${of.objective}-lr${rate}-seed${seed}-${hash.slice(0, 8)}`;
      return { name, options: { ...options, ...own } };
    },
    stepsForTokens(tokens, seed) {
      const tokensOf = tokensOfStep(seed);
      let [steps, before, after] = [0, 0, 0];
      while (after < tokens) {
        before = after;
        after += tokensOf(steps);
        steps += 1;
      }
      return Math.max(1, after - tokens > tokens - before ? steps - 1 : steps);
    },
    tokensOfSteps(from, to, seed) {
      const tokensOf = tokensOfStep(seed);
      let sum = 0;
      for (let step = from; step < to; step++) sum += tokensOf(step);
      return sum;
    },
  };
}
