/** @file What a prepared run needs of memory, for `planMemory`. */
import type { DType } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { countSupervised, type EncodedRow } from "../data/encoded-row.js";
import type { TokenRows } from "../data/token-store.js";
import { quantizationOf } from "./adapter-settings.js";
import { copiedForCheckpoints } from "./checkpoints/checkpoint-bytes.js";
import { type BatchSize, type MemorySettings, planMemory, type RolloutSize } from "./memory-plan.js";
import type { PreparedRun } from "./prepare-run.js";
import { promptLengthOf } from "./rollout-row.js";
import { measureWorkload } from "./workload.js";

/**
 * The settings of `planMemory`, but for what the process holds anyway.
 *
 * @param largest the micro-batch with most tokens, or where the model answers them the prompts of such a step
 */
export async function memorySettings(
  config: TrainConfig,
  run: PreparedRun,
  largest: readonly EncodedRow[],
  computeDtype: DType,
): Promise<Omit<MemorySettings, "process">> {
  const { optim, gradientCheckpointing, headChunkBytes, gradientAccumulationSteps } = config;
  const rollouts = rolloutSize(config, run, largest);
  return {
    spec: run.spec,
    adapter: run.adapter,
    quantization: quantizationOf(config),
    computeDtype,
    batch: rollouts === null ? batchSize(largest) : rolloutBatch(config, rollouts),
    rollouts,
    evaluation: await largestEvaluation(run.evalSets, config.perDeviceEvalBatchSize),
    copied: copiedForCheckpoints(config, run.plan),
    ...{ optim, gradientCheckpointing, headChunkBytes, gradientAccumulationSteps },
  };
}

/**
 * Bytes that a process takes by the end of its first steps beside what is planned: code of the libraries that is used for the
 * first time, matrix products that are compiled, threads that save and report. 60 to 160 MiB were measured.
 */
const FIRST_USE = 100 * 2 ** 20;

/**
 * Bytes that a run will hold where it holds most, with what the process holds now, before the model is loaded, and what it
 * takes by itself: comparable with the resident memory that is shown while the run goes on.
 */
export async function plannedPeak(
  config: TrainConfig,
  run: PreparedRun,
  computeDtype: DType,
): Promise<number> {
  const { rows } = run.dataset;
  const { largest } = measureWorkload(run.plan, rows.lengths);
  const settings = await memorySettings(config, run, await rows.read(largest), computeDtype);
  return planMemory({ ...settings, process: process.memoryUsage.rss() + FIRST_USE }).peak;
}

/** What the model writes at a time of these prompts; null where it writes nothing. */
function rolloutSize(
  { lossType, numGenerations, maxCompletionLength, beta }: TrainConfig,
  { spec }: PreparedRun,
  prompts: readonly EncodedRow[],
): RolloutSize | null {
  if (lossType !== "grpo") return null;
  const longest = prompts.reduce((most, row) => Math.max(most, promptLengthOf(row)), 0);
  return {
    completions: prompts.length * numGenerations,
    tokens: Math.min(longest + maxCompletionLength, spec.maxPositionEmbeddings),
    hasReference: beta !== 0,
  };
}

/** A micro-batch of completions that are all as long as they may be. */
function rolloutBatch(
  { perDeviceTrainBatchSize, maxCompletionLength }: TrainConfig,
  { completions, tokens }: RolloutSize,
): BatchSize {
  const rows = Math.min(perDeviceTrainBatchSize, completions);
  return { tokens: rows * tokens, supervisedTokens: rows * Math.min(maxCompletionLength, tokens) };
}

/** What a micro-batch of these rows holds. */
export function batchSize(rows: readonly EncodedRow[]): BatchSize {
  return {
    tokens: rows.reduce((sum, { inputIds }) => sum + inputIds.length, 0),
    supervisedTokens: rows.reduce((sum, { labels }) => sum + countSupervised(labels), 0),
  };
}

/** The batch with most tokens of all sets; null where nothing is evaluated. */
export async function largestEvaluation(
  sets: PreparedRun["evalSets"],
  size: number,
): Promise<BatchSize | null> {
  const batches = await Promise.all(sets.map(({ dataset }) => largestBatch(dataset.rows, size)));
  return batches.reduce<BatchSize | null>(
    (largest, batch) => (largest !== null && largest.tokens >= batch.tokens ? largest : batch),
    null,
  );
}

async function largestBatch(rows: TokenRows, size: number): Promise<BatchSize> {
  const tokensFrom = (first: number) =>
    rows.lengths.subarray(first, first + size).reduce((sum, length) => sum + length, 0);
  let largest = 0;
  for (let first = 0; first < rows.length; first += size) {
    if (tokensFrom(first) > tokensFrom(largest)) largest = first;
  }
  const count = Math.min(size, rows.length - largest);
  return batchSize(await rows.read(Array.from({ length: count }, (_, at) => largest + at)));
}
