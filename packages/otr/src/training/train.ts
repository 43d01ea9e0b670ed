/** @file One training run, from a checked configuration to a finished model folder. */
import { join } from "node:path";
import { setNumThreads } from "@one-token/torch";
import { resolveTrainConfig } from "../config/resolve-train-config.js";
import type { TrainConfig, TrainInput } from "../config/train-options.js";
import { counted } from "../config/format-value.js";
import type { EncodingProgress } from "../data/load-dataset.js";
import { DataError } from "../errors.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import { chooseDevice } from "../models/choose-device.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import type { Objective } from "../objectives/objective.js";
import { checkTrainOptions } from "./check-train-options.js";
import type { TrainEvent, TrainResult } from "./events.js";
import { loadTrainedModel } from "./load-trained-model.js";
import { MetricsWindow } from "./metrics-window.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import { createOptimizer } from "./optimizers/registry.js";
import { choosePrecision } from "./precision.js";
import { type PreparedRun, withPreparedRun } from "./prepare-run.js";
import { preparePush, pushFinishedRun } from "./push-model.js";
import { requireHubBase } from "./require-hub-base.js";
import { describeOutputFolder, RunFiles } from "./run-files.js";
import { RunLog } from "./run-log.js";
import { baseModelName, findNonFinite, saveRun } from "./save-run.js";
import { StepProfiler } from "./step-profiler.js";
import { summarizeRun } from "./summarize-run.js";
import { runTrainingLoop } from "./training-loop.js";
import { TrainingModel } from "./training-model.js";

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
 * @throws RunError `NONFINITE_GRADIENT`, `NONFINITE_WEIGHTS`; whatever fails after the first step, the weights of the
 *   last sound step are saved as a checkpoint where that is possible
 * @throws RunError `HUB_PUSH_FAILED` where the finished model, which stays in its folder, could not be uploaded
 */
export async function train(input: TrainInput, options: TrainOptions = {}): Promise<TrainResult> {
  checkTrainOptions(options);
  const config = resolveTrainConfig(input);
  const emit = options.onEvent ?? (() => {});
  const onDownload = (progress: DownloadProgress) => emit({ type: "download", ...progress });
  const onEncode = (progress: EncodingProgress) => emit({ type: "encode", ...progress });
  const runPrepared = async (run: PreparedRun) => {
    if (config.pushToHub && run.adapter !== null) requireHubBase(baseModelName(run.model));
    // Before the training, so that a token that may not write is found now.
    const target = config.pushToHub ? await preparePush(config.outputDir, config) : null;
    const { objective = run.objective } = options;
    return { result: await trainPrepared(config, { ...run, objective }, options), target };
  };
  const { result, target } = await withPreparedRun(config, runPrepared, { onDownload, onEncode });
  if (target === null || result.status !== "completed") return result;
  return { ...result, pushed: await pushFinishedRun(config.outputDir, target, options) };
}

async function trainPrepared(
  config: TrainConfig,
  run: PreparedRun,
  options: TrainOptions,
): Promise<TrainResult> {
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const precision = choosePrecision(config.bf16, device);
  const { computeDtype } = precision;
  const model = await loadTrainedModel(run.model.path, config, run.adapter, {
    device,
    computeDtype,
    vocabSize: run.spec.vocabSize,
  });
  const { headChunkBytes, gradientCheckpointing, seed } = config;
  const trainingModel = new TrainingModel({
    model,
    objective: run.objective,
    computeDtype,
    headChunkBytes,
    gradientCheckpointing,
    seed,
  });
  const { onEvent: emit = () => {}, shouldStop = () => false } = options;
  let optimizer: Optimizer | null = null;
  let files: RunFiles | null = null;
  let log: RunLog | null = null;
  let profiler: StepProfiler | null = null;
  try {
    requireFinite(trainingModel, run.model.path);
    optimizer = createOptimizer(trainingModel.parameters, config, trainingModel.copies);
    const found = describeOutputFolder(config.outputDir);
    files = await RunFiles.create(config, run, { device, computeDtype });
    emit({
      type: "start",
      totalSteps: run.plan.totalSteps,
      rows: run.dataset.rows.length,
      modelType: run.modelConfig.modelType,
      parameters: countNumbers(parameterLayout(run.spec)),
      notes: [
        ...found,
        ...run.notes,
        ...adapterNotes(config, run),
        `Computing in ${computeDtype} on ${device}: ${precision.reason}.`,
        `The optimizer ${config.optim} holds ${(optimizer.stateBytes / 2 ** 20).toFixed(1)} MiB beside the gradients.`,
      ],
    });
    const { totalSteps, epochAfter } = run.plan;
    const { loggingSteps } = config;
    log = new RunLog({ window: makeWindow(config, run), files, emit, totalSteps, loggingSteps, epochAfter });
    profiler = config.profile ? new StepProfiler(config.outputDir, totalSteps) : null;
    const loop = { config, run, model: trainingModel, optimizer, log, profiler, shouldStop };
    const status = await runTrainingLoop(loop);
    const { steps, metrics } = log;
    const outputDir = status === "completed" ? config.outputDir : checkpointFolder(config, steps);
    const savedDtype = await saveRun(trainingModel, outputDir, run.model, config);
    const summary = summarizeRun(run.objective, config, log.total, steps, savedDtype);
    if (profiler) summary.push(...writeProfile(profiler));
    await files.setStatus(status, { results: metrics, summary });
    if (status === "completed") files.forgetPrevious();
    else summary.push(...describePrevious(config, files));
    emit({ type: "end", status, outputDir, summary });
    return { status, outputDir, steps, metrics };
  } catch (error) {
    if (files !== null) {
      const summary = [
        await rescueModel(trainingModel, run.model, config, log?.steps ?? 0),
        `What was measured is in ${join(config.outputDir, "metrics.jsonl")}, the reason in run.json.`,
        ...describePrevious(config, files),
      ];
      // On a full disk this fails too, and must not hide why the run failed.
      await files.setStatus("failed", { reason: reasonOf(error), summary }).catch(() => {});
      emit({ type: "end", status: "failed", outputDir: config.outputDir, summary });
    }
    throw error;
  } finally {
    profiler?.endStep();
    files?.close();
    optimizer?.dispose();
    trainingModel.dispose();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const checkpointFolder = (config: TrainConfig, steps: number): string =>
  join(config.outputDir, `checkpoint-${steps}`);

const makeWindow = (config: TrainConfig, { objective, dataset: { summary } }: PreparedRun): MetricsWindow =>
  new MetricsWindow(objective, config.lossAggregation, skippedRows(summary));

const skippedRows = ({
  dropped,
  withoutAnswer,
  withoutSupervision,
}: PreparedRun["dataset"]["summary"]): number => dropped + withoutAnswer + withoutSupervision;

/** What is trained, where it is not the model itself. */
function adapterNotes({ loadIn4bit, loadIn8bit }: TrainConfig, { adapter, spec }: PreparedRun): string[] {
  if (adapter === null) return [];
  const { config, layout } = adapter;
  const trained = countNumbers(layout.parameters);
  const share = (100 * trained) / countNumbers(parameterLayout(spec));
  const whole = layout.saved.length > 0 ? `, and ${config.modulesToSave.join(", ")} whole` : "";
  const bits = loadIn4bit
    ? " The frozen matrices are held in 4 bits."
    : loadIn8bit
      ? " The frozen matrices are held in 8 bits."
      : "";
  return [
    `Training a LoRA adapter (r ${config.rank}, ${counted(layout.targets.length, "module")}${whole}): ${counted(trained, "parameter")}, ${share.toFixed(2)} % of the model's.${bits}`,
  ];
}

/** The run has been saved by then: a trace that cannot be written must not make it a failed one. */
function writeProfile(profiler: StepProfiler): string[] {
  try {
    return profiler.write();
  } catch (error) {
    return [`The profile could not be written: ${reasonOf(error)}.`];
  }
}

/** Saves what a failed run has learned, and says where it is or why it is not. */
async function rescueModel(
  model: TrainingModel,
  base: PreparedRun["model"],
  config: TrainConfig,
  steps: number,
): Promise<string> {
  if (steps === 0) return "The run failed before its first step was done; no model was saved.";
  const folder = checkpointFolder(config, steps);
  try {
    await saveRun(model, folder, base, config);
    return `The run failed; the model as it was after step ${steps} is in ${folder}.`;
  } catch (error) {
    return `The run failed; the model after step ${steps} could not be saved: ${reasonOf(error)}.`;
  }
}

function describePrevious({ outputDir }: TrainConfig, files: RunFiles): string[] {
  if (!files.holdsPreviousModel) return [];
  return [
    `The model in ${outputDir} itself is still that of the earlier run; run.previous.json tells of it.`,
  ];
}

function requireFinite({ model, parameters }: TrainingModel, folder: string): void {
  const spoiled = findNonFinite(new Map([...model.parameters, ...parameters]));
  if (spoiled === null) return;
  throw new DataError(
    "WEIGHTS_NOT_FINITE",
    `${spoiled} of the base model in ${folder} holds NaN or infinity, so nothing can be trained from it; use another base model`,
  );
}
