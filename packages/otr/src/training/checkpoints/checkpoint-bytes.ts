/** @file How much of the disk a run will take. */
import { stepsOfInterval } from "../steps-of-interval.js";
import { ITEM_SIZE } from "@one-token/torch";
import type { TrainConfig } from "../../config/train-options.js";
import type { BatchPlan } from "../../data/batches.js";
import { countNumbers, type ParameterSpec } from "../../models/parameter-layout.js";
import { readRunIdentity } from "../run-record.js";
import { listCheckpoints } from "./find-checkpoints.js";
import { readManifest } from "./manifest.js";
import { optimizerStateBytes } from "../optimizers/state-bytes.js";

type SavingOptions = Pick<
  TrainConfig,
  | "saveStrategy"
  | "saveSteps"
  | "saveMinutes"
  | "saveTotalLimit"
  | "saveOnlyModel"
  | "loadBestModelAtEnd"
  | "evalStrategy"
  | "optim"
>;

/**
 * Bytes of the finished model and of the checkpoints that lie beside it when most do.
 *
 * @param model bytes of the saved weights
 * @param trained what the optimizer updates
 */
export function bytesOnDisk(
  options: SavingOptions,
  plan: Pick<BatchPlan, "totalSteps" | "stepsPerEpoch">,
  model: number,
  trained: readonly ParameterSpec[],
): number {
  const master = ITEM_SIZE.float32 * countNumbers(trained);
  const state = options.saveOnlyModel ? 0 : master + optimizerStateBytes(options.optim, trained);
  return model + mostCheckpoints(options, plan) * (model + state);
}

type ResumeOptions = Pick<TrainConfig, "outputDir" | "resumeFromCheckpoint">;

/** Bytes of checkpoints in the folder that are the run's own, or go before it begins: others may stay until its end. */
export function presentBytes(options: ResumeOptions): number {
  const runId = runWhoseCheckpointsGo(options);
  const files = listCheckpoints(options.outputDir).flatMap(({ manifest }) =>
    manifest !== null && manifest.run_id === runId ? Object.values(manifest.files) : [],
  );
  return files.reduce((sum, { size }) => sum + size, 0);
}

function runWhoseCheckpointsGo({ outputDir, resumeFromCheckpoint: from }: ResumeOptions): string | null {
  if (typeof from === "string" && from !== "auto") {
    const manifest = readManifest(from);
    return "problem" in manifest ? null : manifest.run_id;
  }
  const run = readRunIdentity(outputDir);
  return run === null || (from === false && run.status === "completed") ? null : run.runId;
}

/** What of a run is copied into memory while a checkpoint is written. */
export function copiedForCheckpoints(
  options: SavingOptions,
  plan: Pick<BatchPlan, "totalSteps" | "stepsPerEpoch">,
): "nothing" | "the model" | "the model and the optimizer" {
  if (mostCheckpoints(options, plan) === 0) return "nothing";
  return options.saveOnlyModel ? "the model" : "the model and the optimizer";
}

/** How many there will be at least; a new one is complete before an old one goes, and the best and the last stay. */
function mostCheckpoints(
  options: SavingOptions,
  { totalSteps, stepsPerEpoch }: Pick<BatchPlan, "totalSteps" | "stepsPerEpoch">,
): number {
  const { saveStrategy, saveSteps, saveMinutes, saveTotalLimit, loadBestModelAtEnd, evalStrategy } = options;
  const every = stepsOfInterval(saveSteps, totalSteps);
  const isUncertain = saveStrategy === "best" || saveMinutes !== null || loadBestModelAtEnd;
  const certain = {
    no: 0,
    best: 0,
    steps: Math.floor(totalSteps / every),
    epoch: Math.ceil(totalSteps / stepsPerEpoch),
  };
  const saved = Math.max(certain[saveStrategy], isUncertain ? 1 : 0);
  if (saveTotalLimit === null) return saved;
  const staying = Math.max(saveTotalLimit, evalStrategy === "no" ? 1 : 2);
  return Math.min(saved, staying + 1);
}
