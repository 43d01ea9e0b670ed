/** @file One training run, from a checked configuration to a finished model folder. */
import { resolveTrainConfig } from "../config/resolve-train-config.js";
import type { TrainConfig, TrainInput } from "../config/train-options.js";
import type { EncodingProgress } from "../data/load-dataset.js";
import { ConfigError, isOutOfMemory } from "../errors.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import type { Objective } from "../objectives/objective.js";
import { checkTrainOptions } from "./check-train-options.js";
import { restoreRemoved } from "./checkpoints/checkpoint-folders.js";
import { findResumePoint } from "./checkpoints/resume-point.js";
import { endRun, failRun } from "./end-run.js";
import { endComplete, requireSameRun } from "./complete-run.js";
import type { TrainEvent, TrainResult } from "./events.js";
import { explainOutOfMemory } from "./explain-out-of-memory.js";
import { requireFinishedModel } from "./finished-model.js";
import { inMoment } from "./memory-moment.js";
import { openRun, type RunPlace } from "./open-run.js";
import { type OutputFolder, withOutputFolder } from "./output-folder.js";
import { type PreparedRun, withPreparedRun } from "./prepare-run.js";
import { preparePush, pushFinishedRun } from "./push-model.js";
import { requireHubBase } from "./require-hub-base.js";
import { baseModelName } from "./save-run.js";
import { startEvent } from "./start-event.js";
import { runTrainingLoop } from "./training-loop.js";

/** How to watch and stop a run. */
export interface TrainOptions {
  /** Told of everything as it happens. */
  readonly onEvent?: (event: TrainEvent) => void;
  /** Asked after each step; true saves a checkpoint and ends the run as interrupted. */
  readonly shouldStop?: () => boolean;
  /** What is trained instead of `lossType` and the options that belong to it. */
  readonly objective?: Objective;
}

/**
 * Fine-tunes a model and writes it, `run.json` and `metrics.jsonl` to `outputDir`; uploads it where `pushToHub` says so.
 *
 * @throws ConfigError, DataError before anything is written
 * @throws RunError `OUTPUT_DIR_IN_USE`; `NONFINITE_GRADIENT`, `NONFINITE_WEIGHTS`; whatever fails after the first step, a
 *   checkpoint of the last sound step is saved where that is possible
 * @throws RunError `HUB_PUSH_FAILED` where the finished model, which stays in its folder, could not be uploaded
 */
export async function train(input: TrainInput, options: TrainOptions = {}): Promise<TrainResult> {
  checkTrainOptions(options);
  const config = resolveTrainConfig(input);
  return withOutputFolder(config.outputDir, (folder) => trainInFolder(config, folder, options));
}

async function trainInFolder(
  config: TrainConfig,
  folder: OutputFolder,
  options: TrainOptions,
): Promise<TrainResult> {
  const emit = options.onEvent ?? (() => {});
  restoreRemoved(config.outputDir);
  const place = findResumePoint(config);
  const onDownload = (progress: DownloadProgress) => emit({ type: "download", ...progress });
  const onEncode = (progress: EncodingProgress) => emit({ type: "encode", ...progress });
  const runPrepared = async (run: PreparedRun) => {
    const { objective = run.objective } = options;
    requireRolloutOptions(config, objective);
    const watched = { ...run, objective, notes: [...folder.notes, ...run.notes] };
    if (place === "complete") {
      requireSameRun(config, watched);
      requireFinishedModel(config.outputDir);
    }
    if (config.pushToHub && run.adapter !== null) requireHubBase(baseModelName(run.model));
    // Before the training, so that a token that may not write is found now.
    const target = config.pushToHub ? await preparePush(config.outputDir, config) : null;
    if (place === "complete") return { result: endComplete(config, emit), target };
    emit({ type: "load" });
    return { result: await trainPrepared(config, watched, { folder, ...place }, options), target };
  };
  const { result, target } = await withPreparedRun(config, runPrepared, { onDownload, onEncode });
  if (target === null || result.status !== "completed") return result;
  return { ...result, pushed: await pushFinishedRun(config.outputDir, target, options) };
}

/** @throws {ConfigError} where an objective of the caller's own is not of the kind that the options are for */
function requireRolloutOptions({ lossType }: TrainConfig, { trainsRollouts }: Objective): void {
  if ((lossType === "grpo") === (trainsRollouts !== undefined)) return;
  const message =
    lossType === "grpo"
      ? "trains the rows of the data set, and lossType grpo has the model answer them. Choose another lossType, or give trainsRollouts."
      : "trains completions that the model writes. Set lossType to grpo, and what judges them as rewardFuncs.";
  throw new ConfigError([{ where: "objective", message }]);
}

async function trainPrepared(
  config: TrainConfig,
  run: PreparedRun,
  place: RunPlace,
  options: TrainOptions,
): Promise<TrainResult> {
  const open = await openRun(config, run, place, options);
  try {
    open.emit(startEvent(open));
    const end = await runTrainingLoop(open);
    return await inMoment("save", () => endRun(open, end));
  } catch (error) {
    const reason = isOutOfMemory(error) ? await explainOutOfMemory(open, error).catch(() => error) : error;
    await failRun(open, reason);
    throw reason;
  } finally {
    open.dispose();
  }
}
