/** @file What a run holds by its own data, and which options would make it less. */
import type { DType } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { countSupervised, type EncodedRow } from "../data/encoded-row.js";
import type { TokenRows } from "../data/token-store.js";
import { quantizationOf } from "./adapter-settings.js";
import { copiedForCheckpoints } from "./checkpoints/checkpoint-bytes.js";
import { type BatchSize, type MemorySettings, planMemory } from "./memory-plan.js";
import type { PreparedRun } from "./prepare-run.js";

/** A change of one option that would lower the peak. */
export interface MemorySaving {
  /** The option's name in a file and on the command line. */
  readonly option: string;
  readonly value: string | number | boolean;
  /** By how much the peak falls. */
  readonly bytes: number;
}

/**
 * What decides on the memory of a run; what the process holds without it is not counted.
 *
 * @param largestRows of the micro-batch with most tokens
 */
export async function memorySettings(
  config: TrainConfig,
  { spec, adapter, evalDataset, plan }: PreparedRun,
  {
    computeDtype,
    largestRows,
  }: { readonly computeDtype: DType; readonly largestRows: readonly EncodedRow[] },
): Promise<MemorySettings> {
  const { optim, gradientCheckpointing, headChunkBytes, gradientAccumulationSteps } = config;
  return {
    spec,
    adapter,
    quantization: quantizationOf(config),
    computeDtype,
    batch: batchSize(largestRows),
    evaluation:
      evalDataset === null ? null : await largestEvaluation(evalDataset.rows, config.perDeviceEvalBatchSize),
    copied: copiedForCheckpoints(config, plan),
    process: 0,
    optim,
    gradientCheckpointing,
    headChunkBytes,
    gradientAccumulationSteps,
  };
}

/** Savings of a smaller share of the peak are not worth a line. */
const NOTABLE_SHARE = 0.01;

/** Options that would lower the peak, by the bytes that they save. */
export function memorySavings(
  config: TrainConfig,
  settings: MemorySettings,
  largestRows: readonly EncodedRow[],
): MemorySaving[] {
  const { peak } = planMemory(settings);
  const saving = (
    option: string,
    value: MemorySaving["value"],
    change: Partial<MemorySettings>,
  ): MemorySaving => ({ option, value, bytes: peak - planMemory({ ...settings, ...change }).peak });
  const isSmallest = config.perDeviceTrainBatchSize === 1;
  return [
    saving("gradient_checkpointing", true, { gradientCheckpointing: true }),
    saving("optim", "adamw_8bit", { optim: "adamw_8bit" }),
    saving("optim", "adafactor", { optim: "adafactor" }),
    saving("head_chunk_bytes", 2 ** 23, { headChunkBytes: 2 ** 23 }),
    saving("save_strategy", "no", { copied: "nothing" }),
    ...(isSmallest
      ? []
      : [saving("per_device_train_batch_size", 1, { batch: smallestBatch(config, largestRows) })]),
  ]
    .filter(({ bytes }) => bytes > NOTABLE_SHARE * peak)
    .sort((a, b) => b.bytes - a.bytes);
}

/** The micro-batch with most tokens if each held one row, or one bin. */
function smallestBatch({ packing, maxLength }: TrainConfig, rows: readonly EncodedRow[]): BatchSize {
  const { tokens, supervisedTokens } = batchSize(rows);
  if (packing)
    return { tokens: Math.min(tokens, maxLength), supervisedTokens: Math.min(supervisedTokens, maxLength) };
  return batchSize([rows.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))]);
}

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
