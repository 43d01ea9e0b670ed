/** @file Loads and makes everything that takes part in a run. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setNumThreads } from "@one-token/torch";
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { DataError } from "../errors.js";
import { chooseDevice } from "../models/choose-device.js";
import { findAdjustments } from "./adjustments.js";
import { BestEvaluation } from "./best-evaluation.js";
import { bestToGoOnWith } from "./checkpoints/best-to-go-on-with.js";
import { Checkpoints } from "./checkpoints/checkpoints.js";
import { restoreCheckpoint } from "./checkpoints/restore-checkpoint.js";
import { clearTheWay, type ResumePoint, type StartingPlace } from "./checkpoints/resume-point.js";
import {
  compareSettings,
  inputFingerprints,
  type KeptSettings,
  runSettings,
} from "./checkpoints/run-settings.js";
import type { SaveFinished } from "./checkpoints/save-checkpoint.js";
import type { TrainEvent } from "./events.js";
import { DivergenceGuard } from "./divergence-guard.js";
import { EvaluationSchedule } from "./evaluation-schedule.js";
import { findLostLines } from "./find-lost-lines.js";
import { RunReporter } from "./loggers/run-reporter.js";
import { loadTrainedModel } from "./load-trained-model.js";
import { MetricsWindow } from "./metrics-window.js";
import { createOptimizer } from "./optimizers/registry.js";
import { ReferenceModel } from "./reference-model.js";
import { Rollouts } from "./rollouts.js";
import type { OutputFolder } from "./output-folder.js";
import { choosePrecision, type Precision } from "./precision.js";
import type { PreparedRun } from "./prepare-run.js";
import { describeOutputFolder, RunFiles } from "./run-files.js";
import { RunLog } from "./run-log.js";
import { plannedPeak } from "./run-memory.js";
import { findNonFinite, saveRun } from "./save-run.js";
import { StepProfiler } from "./step-profiler.js";
import { stepsOfInterval } from "./steps-of-interval.js";
import { tellWatcher } from "./tell-watcher.js";
import type { TrainOptions } from "./train.js";
import type { TrainingLoop } from "./training-loop.js";
import { TrainingModel } from "./training-model.js";

/** A run whose model is loaded and whose files are begun. */
export interface OpenRun extends TrainingLoop {
  readonly runId: string;
  readonly device: string;
  readonly precision: Precision;
  /** Bytes that the run will hold at its peak, and that there are; null on a GPU. */
  readonly memory: { readonly planned: number; readonly available: number } | null;
  readonly files: RunFiles;
  /** Null where the run is reported to nobody. */
  readonly reporter: RunReporter | null;
  readonly saveModel: SaveFinished;
  readonly emit: (event: TrainEvent) => void;
  /** Sentences on what the output folder held, and on where the run goes on. */
  readonly notes: readonly string[];
  /** Sentences on what of an earlier part of the run, or of another in the folder, is lost or kept aside. */
  readonly warnings: readonly string[];
  dispose(): void;
}

/** Where a run writes, and where it begins. */
export interface RunPlace extends StartingPlace {
  readonly folder: OutputFolder;
}

/**
 * Loads the model, and the checkpoint that the run goes on from, and begins the run's files.
 *
 * @throws {DataError} those of `loadTrainedModel` and `compareSettings`; `WEIGHTS_NOT_FINITE`, `CHECKPOINT_INVALID`
 */
export async function openRun(
  config: TrainConfig,
  run: PreparedRun,
  place: RunPlace,
  { onEvent: emit = () => {}, shouldStop = () => false }: TrainOptions,
): Promise<OpenRun> {
  const { plan } = run;
  const { folder, point } = place;
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const precision = choosePrecision(config.bf16, device);
  const machine = { device, computeDtype: precision.computeDtype };
  const settings = runSettings(config, run, machine);
  const resumed = point && compareSettings(point.folder, point.state, settings, config.resumeAllowChanges);
  const kept: KeptSettings = {
    ...settings,
    changed: [...new Set([...(point?.state.changed ?? []), ...(resumed?.changed ?? [])])],
  };
  // Before the model is loaded, which is a part of the plan.
  const available = process.availableMemory();
  const memory =
    device === "cpu" ? { planned: await plannedPeak(config, run, precision.computeDtype), available } : null;
  const held: { dispose(): void }[] = [];
  const dispose = () => {
    for (const resource of held.reverse()) resource.dispose();
  };
  try {
    const model = await loadTrainingModel(config, run, machine);
    held.push(model);
    requireFinite(model, run.model.path);
    // Before a checkpoint is restored: it is the model that the run began with.
    const reference = run.objective.trainsRollouts?.needsReference ? new ReferenceModel(model) : null;
    if (reference) held.push(reference);
    const optimizer = createOptimizer(model.parameters, config, model.copies);
    held.push(optimizer);
    if (point) restoreCheckpoint(point.folder, model, optimizer, point.state);
    emit({ type: "loaded" });

    const notes = point ? goingOn(place, point, plan) : describeOutputFolder(config.outputDir);
    const cleared = clearTheWay(config, place);
    const warnings = [...cleared.warnings];
    notes.push(...cleared.notes, ...(resumed?.notes ?? []));
    const runId = point?.state.run_id ?? randomUUID();
    const files = await RunFiles.create(config, run, machine, {
      runId,
      point,
      folder,
      fingerprints: inputFingerprints(settings),
      changed: kept.changed,
      adjusted: point ? findAdjustments(config, point) : [],
      warn: (message) => tellWatcher(emit, { type: "warning", kind: "lines_kept", message }),
    });
    held.push(files);
    const reporter = await RunReporter.start(config, runId, emit);
    if (reporter) held.push(reporter);
    const loggingSteps = stepsOfInterval(config.loggingSteps, plan.totalSteps);
    const log = new RunLog({
      window: makeWindow(config, run),
      files,
      emit,
      plan,
      loggingSteps,
      loggingFirstStep: config.loggingFirstStep,
    });
    const rollouts = run.objective.trainsRollouts
      ? new Rollouts({
          ...{ config, model, reference, rewards: run.rewards },
          ...{ tokenizer: run.evalPrompts.tokenizer, computeDtype: precision.computeDtype },
        })
      : null;
    const guard = new DivergenceGuard(config);
    const best = new BestEvaluation(config);
    const evaluations = new EvaluationSchedule({ config, plan, log });
    if (point) {
      const { step, metrics } = point.state;
      const path = join(config.outputDir, "metrics.jsonl");
      const found = findLostLines(path, { step, lines: metrics.lines }, loggingSteps);
      if (found.warning !== null) warnings.push(found.warning);
      log.restore(step, { ...metrics, lines: found.lines });
      const known = bestToGoOnWith(config, point);
      best.restore(known.state);
      notes.push(...known.notes);
      if (!point.state.evaluation_pending) evaluations.markMade();
      guard.restore(point.state.divergence);
      rollouts?.restore(point.state.rollouts);
    }
    const saveModel: SaveFinished = (trained, folder, writer) =>
      saveRun(trained, folder, run.model, config, writer);
    const saved = {
      config,
      plan,
      runId,
      settings: kept,
      trained: model,
      optimizer,
      log,
      files,
      guard,
      best,
      rollouts,
      evaluations,
      point,
      saveModel,
      emit,
    };
    const checkpoints = new Checkpoints(saved);
    const profiler = config.profile ? new StepProfiler(config.outputDir, plan.totalSteps) : null;
    held.push({ dispose: () => profiler?.endStep() });
    const loop = {
      config,
      run,
      model,
      optimizer,
      log,
      files,
      guard,
      best,
      evaluations,
      checkpoints,
      rollouts,
      profiler,
      shouldStop,
    };
    return {
      ...loop,
      runId,
      device,
      precision,
      memory,
      files,
      reporter,
      saveModel,
      emit,
      notes,
      warnings,
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function loadTrainingModel(
  config: TrainConfig,
  run: PreparedRun,
  { device, computeDtype }: { readonly device: string; readonly computeDtype: Precision["computeDtype"] },
): Promise<TrainingModel> {
  const { headChunkBytes, gradientCheckpointing, seed } = config;
  const { vocabSize } = run.spec;
  const model = await loadTrainedModel(run.model.path, config, run.adapter, {
    device,
    computeDtype,
    vocabSize,
  });
  const { objective } = run;
  return new TrainingModel({ model, objective, computeDtype, headChunkBytes, gradientCheckpointing, seed });
}

function requireFinite({ model, parameters }: TrainingModel, folder: string): void {
  const spoiled = findNonFinite(new Map([...model.parameters, ...parameters]));
  if (spoiled === null) return;
  throw new DataError(
    "WEIGHTS_NOT_FINITE",
    `${spoiled} of the base model in ${folder} holds NaN or infinity, so nothing can be trained from it; use another base model`,
  );
}

function goingOn(
  { passedOver }: StartingPlace,
  { folder, state }: ResumePoint,
  { totalSteps }: PreparedRun["plan"],
): string[] {
  const isDone = state.step > totalSteps;
  return [
    ...passedOver.map((other) => `${other.folder} is passed over: ${other.problem}.`),
    isDone
      ? `${folder} is that of step ${state.step}, and ${counted(totalSteps, "step")} in all are asked for: nothing is trained, and its model becomes the finished one.`
      : `Going on after step ${state.step} of ${totalSteps}, from ${folder}.`,
  ];
}

const makeWindow = (config: TrainConfig, { objective, dataset: { summary } }: PreparedRun): MetricsWindow =>
  new MetricsWindow({
    objective,
    lossBySteps: objective.trainsRollouts !== undefined || config.lossAggregation === "sequence",
    skippedRows: skippedRows(summary),
  });

const skippedRows = ({
  dropped,
  withoutAnswer,
  withoutSupervision,
}: PreparedRun["dataset"]["summary"]): number => dropped + withoutAnswer + withoutSupervision;
