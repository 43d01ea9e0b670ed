/** @file One training run, from a checked configuration to a finished model folder. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setNumThreads } from "@one-token/torch";
import { resolveTrainConfig } from "../config/resolve-train-config.js";
import type { TrainConfig, TrainInput } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import { RunError } from "../errors.js";
import { chooseDevice } from "../models/choose-device.js";
import { loadModel } from "../models/load-model.js";
import { saveModel } from "../models/save-model.js";
import { AdamW } from "./adamw.js";
import { clipGradients } from "./clip-gradients.js";
import { evaluateLoss } from "./evaluate-loss.js";
import type { EvaluationMetrics, StepMetrics, TrainEvent, TrainResult, TrainStatus } from "./events.js";
import { learningRateSchedule } from "./learning-rate.js";
import { MetricsWindow } from "./metrics-window.js";
import { choosePrecision } from "./precision.js";
import { type PreparedRun, prepareRun } from "./prepare-run.js";
import { describeOutputFolder, RunFiles } from "./run-files.js";
import { summarizeRun } from "./summarize-run.js";
import { tokenWeight } from "./supervised-tokens.js";
import { TrainingModel } from "./training-model.js";

/** What an earlier run may have left in the folder, and this one may not write. */
const OPTIONAL_FILES = ["value_head.safetensors", "chat_template.jinja"];

/** How to watch and stop a run. */
export interface TrainOptions {
  /** Told of everything as it happens. */
  readonly onEvent?: (event: TrainEvent) => void;
  /** Asked after each step; true saves a checkpoint and ends the run as interrupted. */
  readonly shouldStop?: () => boolean;
}

/**
 * Fine-tunes a model and writes it, `run.json` and `metrics.jsonl` to `outputDir`.
 *
 * @throws ConfigError, DataError before anything is loaded or written
 * @throws RunError `NONFINITE_GRADIENT`: the weights are those before the step; nothing is saved
 */
export async function train(input: TrainInput, options: TrainOptions = {}): Promise<TrainResult> {
  const config = resolveTrainConfig(input);
  const run = await prepareRun(config);
  setNumThreads(config.numThreads);
  const device = chooseDevice(config.device);
  const precision = choosePrecision(config.bf16, device);
  const model = await loadModel(config.modelNameOrPath, { dtype: "float32", device, trainable: true });
  const { computeDtype } = precision;
  const { headChunkBytes, seed } = config;
  const trainingModel = new TrainingModel({
    model,
    objective: run.objective,
    computeDtype,
    headChunkBytes,
    seed,
  });
  const emit = options.onEvent ?? (() => {});
  let optimizer: AdamW | null = null;
  let files: RunFiles | null = null;
  try {
    optimizer = new AdamW(trainingModel.parameters, {
      beta1: config.adamBeta1,
      beta2: config.adamBeta2,
      epsilon: config.adamEpsilon,
      weightDecay: config.weightDecay,
    });
    const found = describeOutputFolder(config.outputDir);
    files = await RunFiles.create(config, run, { device, computeDtype });
    emit({
      type: "start",
      totalSteps: run.plan.totalSteps,
      rows: run.dataset.rows.length,
      modelType: run.modelConfig.modelType,
      parameters: [...model.parameters.values()].reduce((sum, parameter) => sum + parameter.numel, 0),
      notes: [...found, ...run.notes, `Computing in ${computeDtype} on ${device}: ${precision.reason}.`],
    });
    const done = await runSteps(config, run, trainingModel, optimizer, files, emit, options.shouldStop);

    const outputDir =
      done.status === "completed" ? config.outputDir : join(config.outputDir, `checkpoint-${done.steps}`);
    mkdirSync(outputDir, { recursive: true });
    for (const name of OPTIONAL_FILES) rmSync(join(outputDir, name), { force: true });
    trainingModel.saveValueHead(join(outputDir, "value_head.safetensors"));
    const savedDtype = await saveModel(model, outputDir, {
      sourceFolder: config.modelNameOrPath,
      dtype: config.saveDtype === "auto" ? undefined : config.saveDtype,
    });
    if (config.chatTemplatePath !== null)
      copyFileSync(config.chatTemplatePath, join(outputDir, "chat_template.jinja"));
    const summary = summarizeRun(config, done.window.total, done.steps, savedDtype);
    await files.setStatus(done.status, { results: done.metrics, summary });
    emit({ type: "end", status: done.status, outputDir, summary });
    return { status: done.status, outputDir, steps: done.steps, metrics: done.metrics };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // On a full disk this fails too, and must not hide why the run failed.
    await files?.setStatus("failed", { reason }).catch(() => {});
    if (files !== null) {
      const { outputDir } = config;
      const metrics = join(outputDir, "metrics.jsonl");
      const summary = [
        `The run failed; no model was saved. What it measured is in ${metrics}, the reason in run.json.`,
      ];
      emit({ type: "end", status: "failed", outputDir, summary });
    }
    throw error;
  } finally {
    files?.close();
    optimizer?.dispose();
    trainingModel.dispose();
  }
}

interface Progress {
  status: TrainStatus;
  steps: number;
  window: MetricsWindow;
  metrics: Partial<StepMetrics> & EvaluationMetrics;
}

async function runSteps(
  config: TrainConfig,
  { dataset, evalDataset, objective, plan }: PreparedRun,
  model: TrainingModel,
  optimizer: AdamW,
  files: RunFiles,
  emit: (event: TrainEvent) => void,
  shouldStop: () => boolean = () => false,
): Promise<Progress> {
  const { totalSteps } = plan;
  const learningRateOf = learningRateSchedule(config, totalSteps);
  const window = new MetricsWindow(
    objective,
    config.lossAggregation,
    dataset.summary.dropped + dataset.summary.withoutSupervision,
  );
  const metrics: Progress["metrics"] = {};
  for (let step = 0; step < totalSteps; step++) {
    const microBatches = plan
      .microBatches(step)
      .map((batch) => Array.from(batch, (index) => dataset.rows[index]));
    const stepRows = microBatches.flat();
    const weightOf = tokenWeight(stepRows, config.lossAggregation);
    for (const rows of microBatches) window.add(rows, model.accumulateGradients(rows, step, weightOf));

    const gradNorm = clipGradients(optimizer.gradients, config.maxGradNorm);
    if (!Number.isFinite(gradNorm)) throw nonFinite(gradNorm, step + 1, stepRows, config.dataset);
    const learningRate = learningRateOf(step);
    optimizer.step(learningRate);
    optimizer.zeroGradients();
    window.endStep();

    const steps = step + 1;
    let isStopping = shouldStop();
    const isLast = steps === totalSteps || isStopping;
    let logged: StepMetrics | null = null;
    if (steps % config.loggingSteps === 0 || isLast) {
      logged = window.take({ step: steps, epoch: plan.epochAfter(steps), learningRate, gradNorm });
      files.log(logged);
      Object.assign(metrics, logged);
    }
    emit({ type: "step", step: steps, totalSteps, metrics: logged });
    if (evalDataset !== null && !isStopping && isEvaluated(config, steps, plan.stepsPerEpoch, totalSteps)) {
      const { rows } = evalDataset;
      const evaluation = await evaluateLoss(model, rows, config.perDeviceEvalBatchSize, step, shouldStop);
      if (evaluation === null) {
        isStopping = true;
      } else {
        window.exclude(evaluation.eval_runtime);
        files.log({ step: steps, epoch: plan.epochAfter(steps), time: Date.now() / 1000, ...evaluation });
        Object.assign(metrics, evaluation);
        emit({ type: "evaluate", step: steps, metrics: evaluation });
      }
    }
    // One turn of the event loop a step: finalizers, timers and the watcher's own work.
    await nextTurn();
    if (isStopping && steps < totalSteps) return { status: "interrupted", steps, window, metrics };
  }
  return { status: "completed", steps: totalSteps, window, metrics };
}

function isEvaluated(config: TrainConfig, steps: number, stepsPerEpoch: number, totalSteps: number): boolean {
  if (config.evalStrategy === "no") return false;
  const every = config.evalStrategy === "epoch" ? stepsPerEpoch : config.evalSteps!;
  return steps % every === 0 || steps === totalSteps;
}

function nonFinite(gradNorm: number, step: number, rows: readonly EncodedRow[], file: string): RunError {
  const numbers = rows.map(({ id }) => id + 1).join(", ");
  return new RunError(
    "NONFINITE_GRADIENT",
    `the gradient norm of step ${step} is ${gradNorm}, which would ruin the weights; they are as before this step. The batch ` +
      `has ${rows.length === 1 ? "row" : "rows"} ${numbers} of ${file} (the first is 1, empty lines not counted): look at them, or lower --learning_rate`,
  );
}
