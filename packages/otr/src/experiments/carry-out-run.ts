/** @file One run of a comparison: what of it is not done yet. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { TrainConfig } from "../config/train-options.js";
import { RunError } from "../errors.js";
import { removeCheckpoint } from "../training/checkpoints/checkpoint-folders.js";
import { listCheckpoints } from "../training/checkpoints/find-checkpoints.js";
import type { TrainResult } from "../training/events.js";
import { readRunIdentity } from "../training/run-record.js";
import { train } from "../training/train.js";
import { withMeasuredModel } from "./measured-model.js";
import { type Measurement, readMeasurement, writeMeasurement } from "./measurement.js";
import { measureTask } from "./measure-tasks.js";
import { measureTokens } from "./measure-tokens.js";
import { pendingWork, tokensFingerprint } from "./pending-work.js";
import type { RunOrder } from "./run-order.js";
import { trainingCost } from "./training-cost.js";

/** Told what is being done, and which share of it, from 0 to 1. */
export type OnProgress = (doing: string, share: number) => void;

/**
 * Trains, where the folder has no finished run, and measures what is not measured yet. What is done is written at once, so
 * that a process which is killed loses no more than what it was doing.
 *
 * @throws what `train` and the measurements throw
 */
export async function carryOutRun(order: RunOrder, onProgress: OnProgress = () => {}): Promise<void> {
  const { folder, training } = order;
  mkdirSync(folder, { recursive: true });
  const pending = pendingWork(order);
  let measurement = readMeasurement(folder);
  const save = async (more: Partial<Measurement>) => {
    measurement = { ...measurement, ...more };
    await writeMeasurement(folder, measurement);
  };
  const isMeasured = pending.tasks.length > 0 || pending.tokens !== null;
  if (training !== null && (pending.isTraining || isMeasured)) {
    await trainUnlessDone(training, onProgress);
    if (pending.isTraining) await save({ training: trainingCost(folder) });
  }
  if (!isMeasured) return;
  await withMeasuredModel(order.source, order, async (measured) => {
    for (const [at, task] of pending.tasks.entries()) {
      const answered = (share: number) => onProgress(task.name, (at + share) / pending.tasks.length);
      await measureTask(measured, task, folder, order.evaluation, answered);
      await save({ tasks: { ...measurement.tasks, [task.name]: task.fingerprint } });
    }
    const { tokens } = pending;
    if (tokens === null || training === null) return;
    onProgress("tokens", 0);
    const found = await withMeasuredModel(tokens.base, order, (base) =>
      measureTokens(base, measured, training, tokens, !order.evaluation.applyChatTemplate),
    );
    await save({ tokens: { fingerprint: tokensFingerprint(tokens), ...found } });
  });
}

/** Trains into the folder, or goes on with what a killed process has left there. */
async function trainUnlessDone(config: TrainConfig, onProgress: OnProgress): Promise<void> {
  const { outputDir } = config;
  const isDone = readRunIdentity(outputDir)?.status === "completed";
  if (isDone && hasWeights(outputDir)) return;
  const resumeFromCheckpoint = isDone ? false : "auto";
  const { status } = await trainWhenFree({ ...config, resumeFromCheckpoint }, onProgress);
  if (status !== "completed") {
    throw new RunError("RUN_INTERRUPTED", `the run in ${outputDir} was interrupted`);
  }
}

/** How often a folder that another process has is tried again, a second apart. */
const TRIES = 120;

/** Waits for the process of a comparison that was killed: it ends after the step that it is in. */
async function trainWhenFree(config: TrainConfig, onProgress: OnProgress): Promise<TrainResult> {
  for (let tries = 1; ; tries++) {
    try {
      return await train(config, {
        onEvent: (event) => {
          if (event.type === "step") onProgress("training", event.step / event.totalSteps);
        },
      });
    } catch (error) {
      const isInUse = error instanceof RunError && error.code === "OUTPUT_DIR_IN_USE";
      if (!isInUse || tries === TRIES) throw error;
      onProgress("waiting for an earlier process", tries / TRIES);
      await setTimeout(1000);
    }
  }
}

const isWeights = (name: string): boolean => name.endsWith(".safetensors");

const hasWeights = (folder: string): boolean => existsSync(folder) && readdirSync(folder).some(isWeights);

/** Removes the weights and checkpoints of a run that is measured. */
export function removeWeights(folder: string): void {
  for (const checkpoint of listCheckpoints(folder)) removeCheckpoint(checkpoint.folder);
  for (const name of readdirSync(folder).filter(isWeights)) rmSync(join(folder, name));
}
