/** @file What a run will take, found without its weights: memory by a count, time by a short calibration. */
import { type DType, releaseFreeMemory, setNumThreads } from "@one-token/torch";
import { resolveTrainConfig } from "../config/resolve-train-config.js";
import type { TrainConfig, TrainInput } from "../config/train-options.js";
import { countSupervised, type EncodedRow } from "../data/encoded-row.js";
import type { TokenRows } from "../data/token-store.js";
import { isOutOfMemory } from "../errors.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import { chooseDevice } from "../models/choose-device.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import type { Quantization } from "../models/quantized-matrix.js";
import { decoderSpecOf } from "../models/registry.js";
import { calibrate, type StepTime, trialConfigs } from "./calibrate.js";
import {
  type BatchSize,
  type MemoryOptions,
  type MemoryPlan,
  type MemorySettings,
  planMemory,
} from "./memory-plan.js";
import { quantizationOf } from "./adapter-settings.js";
import { choosePrecision } from "./precision.js";
import { type PreparedRun, withPreparedRun } from "./prepare-run.js";
import { measureWorkload, type Workload } from "./workload.js";

/** A change of one option that would lower the peak. */
export interface MemorySaving {
  /** The option's name in a file and on the command line. */
  readonly option: string;
  readonly value: string | number | boolean;
  /** By how much the peak falls. */
  readonly bytes: number;
}

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
  /** In seconds; saving and evaluation are not in it. Null where the memory does not suffice for a calibration. */
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
export async function planRun(input: TrainInput, options: PlanOptions = {}): Promise<RunPlan> {
  const config = resolveTrainConfig(input);
  const available = process.availableMemory();
  const prepare = { weights: false, onDownload: options.onDownload };
  return withPreparedRun(config, (run) => planPrepared(config, run, available), prepare);
}

async function planPrepared(config: TrainConfig, run: PreparedRun, available: number): Promise<RunPlan> {
  const { modelConfig, spec, adapter, dataset, evalDataset, objective, plan } = run;
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const { largest, samples, ...workload } = measureWorkload(plan, dataset.rows.lengths);
  const largestRows = await dataset.rows.read(largest);
  const batch = batchSize(largestRows);
  const evaluation =
    evalDataset === null ? null : await largestEvaluation(evalDataset.rows, config.perDeviceEvalBatchSize);
  const quantization = quantizationOf(config);
  const counted = { computeDtype, evaluation, batch, adapter, quantization, ...memoryOptions(config) };

  const trialBytes = trialConfigs(modelConfig).reduce(
    (sum, trial) => sum + planMemory({ ...counted, spec: decoderSpecOf(trial), process: 0 }).peak,
    0,
  );
  const notes = [...run.notes];
  let stepTime: StepTime | null = null;
  if (device !== "cpu" || trialBytes <= process.availableMemory()) {
    const rows = await Promise.all(samples.map((sample) => dataset.rows.read(sample)));
    const settings = { config, modelConfig, adapter, objective, computeDtype, device };
    stepTime = unlessOutOfMemory(() => calibrate({ ...settings, samples: rows.map(withinCalibration) }));
  }
  if (stepTime === null) {
    notes.push("The memory that is left here does not suffice to measure how long a step takes.");
  }
  if (device !== "cpu") {
    notes.push("On a GPU operators keep more than is counted here: the memory is a lower bound.");
  }

  // What is left is the program, its libraries, and what these keep: matrix products compiled for each length of batch.
  releaseFreeMemory();
  const settings = { ...counted, spec, process: device === "cpu" ? process.memoryUsage.rss() : 0 };
  const memory = planMemory(settings);
  const isSmallest = config.perDeviceTrainBatchSize === 1;
  const savings = [
    saving("gradient_checkpointing", true, { gradientCheckpointing: true }),
    saving("optim", "adamw_8bit", { optim: "adamw_8bit" }),
    saving("optim", "adafactor", { optim: "adafactor" }),
    saving("head_chunk_bytes", 2 ** 23, { headChunkBytes: 2 ** 23 }),
    ...(isSmallest
      ? []
      : [saving("per_device_train_batch_size", 1, { batch: smallestBatch(config, largestRows) })]),
  ]
    .filter(({ bytes }) => bytes > NOTABLE_SHARE * memory.peak)
    .sort((a, b) => b.bytes - a.bytes);

  function saving(
    option: string,
    value: MemorySaving["value"],
    change: Partial<MemorySettings>,
  ): MemorySaving {
    return { option, value, bytes: memory.peak - planMemory({ ...settings, ...change }).peak };
  }

  return {
    modelType: modelConfig.modelType,
    parameters: countNumbers(parameterLayout(spec)),
    layers: spec.layers.length,
    computeDtype,
    device,
    threads: config.numThreads,
    optim: config.optim,
    frozenFormat: adapter === null ? null : (quantization?.format ?? computeDtype),
    workload,
    largestBatch: { ...batch, rows: largestRows.length },
    memory,
    availableMemory: device === "cpu" ? available : null,
    savings,
    time: stepTime && timeOf(stepTime, workload),
    notes,
  };
}

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

/** The micro-batch with most tokens if each held one row, or one bin. */
function smallestBatch({ packing, maxLength }: TrainConfig, rows: readonly EncodedRow[]): BatchSize {
  const { tokens, supervisedTokens } = batchSize(rows);
  if (packing)
    return { tokens: Math.min(tokens, maxLength), supervisedTokens: Math.min(supervisedTokens, maxLength) };
  return batchSize([rows.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))]);
}

/** Savings of a smaller share of the peak are not worth a line. */
const NOTABLE_SHARE = 0.01;

const memoryOptions = (config: TrainConfig): MemoryOptions => {
  const { optim, gradientCheckpointing, headChunkBytes, gradientAccumulationSteps } = config;
  return { optim, gradientCheckpointing, headChunkBytes, gradientAccumulationSteps };
};

function batchSize(rows: readonly EncodedRow[]): BatchSize {
  return {
    tokens: rows.reduce((sum, { inputIds }) => sum + inputIds.length, 0),
    supervisedTokens: rows.reduce((sum, { labels }) => sum + countSupervised(labels), 0),
  };
}

async function largestEvaluation(rows: TokenRows, size: number): Promise<BatchSize> {
  const tokensFrom = (first: number) =>
    rows.lengths.subarray(first, first + size).reduce((sum, length) => sum + length, 0);
  let largest = 0;
  for (let first = 0; first < rows.length; first += size) {
    if (tokensFrom(first) > tokensFrom(largest)) largest = first;
  }
  const count = Math.min(size, rows.length - largest);
  return batchSize(await rows.read(Array.from({ length: count }, (_, at) => largest + at)));
}
