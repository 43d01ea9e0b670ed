/** @file What a run will take, found without its weights: memory by a count, time by a short calibration. */
import { type DType, releaseFreeMemory, setNumThreads } from "@one-token/torch";
import type { PlanInput } from "../config/plan-options.js";
import { resolvePlanConfig } from "../config/resolve-train-config.js";
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import { isOutOfMemory } from "../errors.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import { chooseDevice } from "../models/choose-device.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import type { Quantization } from "../models/quantized-matrix.js";
import { decoderSpecOf } from "../models/registry.js";
import { calibrate, type StepTime, trialConfigs } from "./calibrate.js";
import { type BatchSize, type MemoryPlan, planMemory, type RolloutSize } from "./memory-plan.js";
import { type MemorySaving, memorySavings } from "./memory-savings.js";
import { completionsOfRow } from "./plan-rollouts.js";
import { choosePrecision } from "./precision.js";
import { type PreparedRun, withPreparedRun } from "./prepare-run.js";
import { largestEvaluation, memorySettings } from "./run-memory.js";
import { measureWorkload, type Workload } from "./workload.js";

/** What a run will take. */
export interface RunPlan {
  readonly modelType: string;
  readonly parameters: number;
  readonly layers: number;
  readonly computeDtype: DType;
  readonly device: string;
  readonly threads: number;
  readonly optim: TrainConfig["optim"];
  /** How the frozen projections beside an adapter are held; null: no adapter is trained, and all weights are float32. */
  readonly frozenFormat: DType | Quantization["format"] | null;
  readonly workload: Omit<Workload, "largest" | "samples">;
  /** The micro-batch with most tokens, which decides on the peak. */
  readonly largestBatch: BatchSize & { readonly rows: number };
  /** In bytes. */
  readonly memory: MemoryPlan;
  /** Bytes that this machine, or container, has left for a new process; null on a GPU. */
  readonly availableMemory: number | null;
  /** By the bytes that they save. */
  readonly savings: readonly MemorySaving[];
  /**
   * In seconds; saving and evaluation are not in it. Null where the memory does not suffice for a calibration, and where the
   * model answers the prompts itself.
   */
  readonly time: {
    readonly step: number;
    readonly total: number;
    readonly tokensPerSecond: number;
  } | null;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/** How to watch a plan. */
export interface PlanOptions {
  /** Told while files of the Hub are downloaded. */
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/**
 * Plans a run: reads the model's `config.json`, the tokenizer and the data, never the weights, and writes nothing into the
 * output folder.
 *
 * @throws ConfigError, DataError as `train` would before it loads the model
 */
export async function planRun(input: PlanInput, options: PlanOptions = {}): Promise<RunPlan> {
  const config = resolvePlanConfig(input);
  const available = process.availableMemory();
  const prepare = { weights: false, onDownload: options.onDownload };
  return withPreparedRun(config, (run) => planPrepared(config, run, available), prepare);
}

async function planPrepared(config: TrainConfig, run: PreparedRun, available: number): Promise<RunPlan> {
  const { modelConfig, spec, adapter, dataset, objective, plan } = run;
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const { largest, samples, ...workload } = measureWorkload(
    plan,
    dataset.rows.lengths,
    completionsOfRow(config),
  );
  const largestRows = await dataset.rows.read(largest);
  const counted = await memorySettings(config, run, largestRows, computeDtype);

  const trialBytes = trialConfigs(modelConfig).reduce(
    (sum, trial) =>
      sum + planMemory({ ...counted, copied: "nothing", spec: decoderSpecOf(trial), process: 0 }).peak,
    0,
  );
  const notes = [...run.notes, ...run.warnings];
  let stepTime: StepTime | null = null;
  if (config.lossType === "grpo") {
    notes.push(
      "How long a step takes is not told: most of it is spent on completions, and they are as long as the model makes them. " +
        "Where tokens are counted, each completion is taken to be as long as its row's own; where memory is, as long as " +
        "max_completion_length allows.",
    );
  } else if (device !== "cpu" || trialBytes <= process.availableMemory()) {
    const rows = await Promise.all(samples.map((sample) => dataset.rows.read(sample)));
    const settings = { config, modelConfig, adapter, objective, computeDtype, device };
    stepTime = unlessOutOfMemory(() => calibrate({ ...settings, samples: rows.map(withinCalibration) }));
  }
  if (stepTime === null && config.lossType !== "grpo") {
    notes.push("The memory that is left here does not suffice to measure how long a step takes.");
  }
  if (device !== "cpu") {
    notes.push("On a GPU operators keep more than is counted here: the memory is a lower bound.");
  }

  // What is left is the program, its libraries, and what these keep: matrix products compiled for each length of batch.
  releaseFreeMemory();
  const settings = { ...counted, process: device === "cpu" ? process.memoryUsage.rss() : 0 };
  return {
    modelType: modelConfig.modelType,
    parameters: countNumbers(parameterLayout(spec)),
    layers: spec.layers.length,
    computeDtype,
    device,
    threads: config.numThreads,
    optim: config.optim,
    frozenFormat: adapter === null ? null : (settings.quantization?.format ?? computeDtype),
    workload,
    largestBatch: { ...settings.batch, rows: rowsOfBatch(config, settings.rollouts ?? null, largestRows) },
    memory: planMemory(settings),
    availableMemory: device === "cpu" ? available : null,
    savings: memorySavings(config, settings, {
      trained: largestRows,
      evaluated: await largestEvaluation(run.evalSets, 1),
    }),
    time: stepTime && timeOf(stepTime, workload),
    notes,
  };
}

/** Rows of the micro-batch with most tokens: of the data set, or completions of their prompts. */
const rowsOfBatch = (
  { perDeviceTrainBatchSize }: TrainConfig,
  rollouts: RolloutSize | null,
  rows: readonly EncodedRow[],
): number => (rollouts === null ? rows.length : Math.min(perDeviceTrainBatchSize, rollouts.completions));

/** The time of a step grows with its tokens, so that a part of a large batch tells as much, in a few seconds. */
const CALIBRATION_TOKENS = 4096;

/** As many rows, one at least, as hold no more than {@link CALIBRATION_TOKENS}. */
function withinCalibration(rows: readonly EncodedRow[]): readonly EncodedRow[] {
  let tokens = 0;
  const beyond = rows.findIndex(({ inputIds }) => {
    tokens += inputIds.length;
    return tokens > CALIBRATION_TOKENS;
  });
  return beyond < 0 ? rows : rows.slice(0, Math.max(1, beyond));
}

/** Null where the system has less memory than it says. */
function unlessOutOfMemory<T>(body: () => T): T | null {
  try {
    return body();
  } catch (error) {
    if (isOutOfMemory(error)) return null;
    throw error;
  }
}

function timeOf(stepTime: StepTime, { tokensPerStep, totalSteps }: RunPlan["workload"]): RunPlan["time"] {
  const step = stepTime.token * tokensPerStep + stepTime.update;
  return { step, total: step * totalSteps, tokensPerSecond: tokensPerStep / step };
}
