/** @file Which options would lower what a run holds. */
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import type { MemoryMoment } from "./memory-moment.js";
import { type BatchSize, type MemorySettings, planMemory, type RolloutSize } from "./memory-plan.js";
import { batchSize } from "./run-memory.js";

/** A change of one option that would lower the peak. */
export interface MemorySaving {
  /** The option's name in a file and on the command line. */
  readonly option: string;
  readonly value: string | number | boolean;
  /** By how much the peak falls. */
  readonly bytes: number;
}

/** Savings of a smaller share of the peak are not worth a line. */
const NOTABLE_SHARE = 0.01;

/** What a run reads at once, for smaller batches. */
export interface LargestRows {
  /** The micro-batch with most tokens. */
  readonly trained: readonly EncodedRow[];
  /** The evaluation row with most tokens; null: nothing is evaluated. */
  readonly evaluated: BatchSize | null;
}

/**
 * Options that would lower the peak, by the bytes that they save.
 *
 * @param moment whose peak is meant; default: the run's
 */
export function memorySavings(
  config: TrainConfig,
  settings: MemorySettings,
  largest: LargestRows,
  moment?: MemoryMoment,
): MemorySaving[] {
  const { peak } = planMemory(settings, moment);
  const saving = (
    option: string,
    value: MemorySaving["value"],
    change: Partial<MemorySettings>,
  ): MemorySaving => ({ option, value, bytes: peak - planMemory({ ...settings, ...change }, moment).peak });
  const shorter = Math.ceil(config.maxCompletionLength / 2);
  const isSmallest = config.perDeviceTrainBatchSize === 1;
  return [
    saving("gradient_checkpointing", true, { gradientCheckpointing: true }),
    saving("optim", "adamw_8bit", { optim: "adamw_8bit" }),
    saving("optim", "adafactor", { optim: "adafactor" }),
    saving("head_chunk_bytes", 2 ** 23, { headChunkBytes: 2 ** 23 }),
    saving("save_strategy", "no", { copied: "nothing" }),
    ...(settings.rollouts == null
      ? []
      : [
          saving(
            "max_completion_length",
            shorter,
            shorterRollouts(settings, settings.rollouts, config, shorter),
          ),
        ]),
    // With completions it decides on how many prompts a step has, too.
    ...(isSmallest || settings.rollouts != null
      ? []
      : [saving("per_device_train_batch_size", 1, { batch: smallestBatch(config, largest.trained) })]),
    saving("per_device_eval_batch_size", 1, { evaluation: largest.evaluated }),
  ]
    .filter(({ bytes }) => bytes > NOTABLE_SHARE * peak)
    .sort((a, b) => b.bytes - a.bytes);
}

/** The same completions, each of which may have `length` tokens. */
function shorterRollouts(
  { batch }: Pick<MemorySettings, "batch">,
  rollouts: RolloutSize,
  { maxCompletionLength }: TrainConfig,
  length: number,
): Pick<MemorySettings, "batch" | "rollouts"> {
  const tokens = Math.max(length, rollouts.tokens - (maxCompletionLength - length));
  const rows = Math.round(batch.tokens / rollouts.tokens);
  return {
    batch: { tokens: rows * tokens, supervisedTokens: rows * length },
    rollouts: { ...rollouts, tokens },
  };
}

/** The micro-batch with most tokens if each held one row, or one bin. */
function smallestBatch({ packing, maxLength }: TrainConfig, rows: readonly EncodedRow[]): BatchSize {
  const { tokens, supervisedTokens } = batchSize(rows);
  if (packing)
    return { tokens: Math.min(tokens, maxLength), supervisedTokens: Math.min(supervisedTokens, maxLength) };
  return batchSize([rows.reduce((a, b) => (b.inputIds.length > a.inputIds.length ? b : a))]);
}
