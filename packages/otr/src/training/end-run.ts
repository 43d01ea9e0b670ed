/** @file What a run leaves behind, however it ends. */
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DType } from "@one-token/torch";
import { counted, shortNumber } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { plainWriter } from "../models/folder-writer.js";
import { requireDiskSpace } from "./check-disk-space.js";
import { checkCheckpoint, checkpointsOfRun } from "./checkpoints/find-checkpoints.js";
import { MANIFEST } from "./checkpoints/manifest.js";
import { lastResumable, removeOtherRuns } from "./checkpoints/resume-point.js";
import { OPTIMIZER } from "./checkpoints/save-checkpoint.js";
import { TRAINER_STATE } from "./checkpoints/trainer-state.js";
import type { TrainResult, TrainStatus } from "./events.js";
import { describeWeights } from "./finished-model.js";
import type { OpenRun } from "./open-run.js";
import { finishedBytes } from "./prepare-run.js";
import { publishModel } from "./publish-model.js";
import { forgetPrevious, type RunFiles } from "./run-files.js";
import type { StepProfiler } from "./step-profiler.js";
import { summarizeRun } from "./summarize-run.js";
import { tellWatcher } from "./tell-watcher.js";
import type { LoopEnd } from "./training-loop.js";

/** Saves the model of a run that did not fail, or the checkpoint of one that was stopped, and says so. */
export async function endRun(open: OpenRun, end: LoopEnd): Promise<TrainResult> {
  const { config, run, log, guard, checkpoints, profiler, files, reporter, emit } = open;
  const status: TrainStatus = end === "interrupted" ? "interrupted" : "completed";
  let outputDir = config.outputDir;
  let savedDtype: DType | null = null;
  const summary: string[] = [];
  if (end === "interrupted") {
    outputDir = await checkpoints.saveNow();
    log.endEarly("interrupted");
  } else {
    await checkpoints.settled();
    if (end === "stopped early") {
      log.endEarly("stopped_early");
      summary.push(stoppedEarly(open));
    }
    savedDtype = await saveFinished(open, summary);
  }
  const { steps, metrics } = log;
  summary.unshift(...summarizeRun(run.objective, config, log.total, steps, savedDtype));
  if (guard.skippedSteps > 0) summary.push(skippedStepsNote(guard.skippedSteps));
  if (profiler) summary.push(...writeProfile(profiler));
  if (reporter) summary.push(...(await reporter.finish(status)));
  await files.setStatus(status, {
    results: metrics,
    summary,
    ...(end === "stopped early" && { stopped_early: true }),
    ...(status === "completed" && { model: describeWeights(config.outputDir) }),
  });
  summary.push(...(status === "completed" ? forgetEarlierRuns(open) : describePrevious(config, files)));
  emit({ type: "end", status, outputDir, summary });
  return { status, outputDir, steps, metrics };
}

/** The run is complete by then: what of an earlier one cannot be removed must not make it a failed one. */
function forgetEarlierRuns({ config: { outputDir }, runId }: OpenRun): string[] {
  try {
    forgetPrevious(outputDir);
    removeOtherRuns(outputDir, runId);
    return [];
  } catch (error) {
    return [`Files of an earlier run in ${outputDir} could not be removed: ${reasonOf(error)}.`];
  }
}

/** The model of the last step, or of the best evaluation. */
async function saveFinished(open: OpenRun, summary: string[]): Promise<DType | null> {
  const { config, run, model, log, best, files, saveModel, emit } = open;
  const { outputDir, loadBestModelAtEnd } = config;
  await files.restore();
  requireDiskSpace(outputDir, finishedBytes(config, run), "the finished model");
  if (!loadBestModelAtEnd || best.best === null || best.best.step === log.steps) {
    return publishModel(outputDir, (folder) => saveModel(model, folder, plainWriter));
  }
  const { step, metric, value } = best.best;
  try {
    const checkpoint = soundCheckpoint(open, step);
    await publishModel(outputDir, async (folder) => copyModel(checkpoint, folder));
    summary.push(`The model is that of step ${step}, whose ${metric} ${shortNumber(value)} was the best.`);
    return null;
  } catch (error) {
    const message =
      `The best evaluation was after step ${step}, but its checkpoint cannot be used: ${reasonOf(error)}. ` +
      "The finished model is that of the last step.";
    tellWatcher(emit, { type: "warning", kind: "best_not_loaded", message });
    summary.push("The model is that of the last step.");
    return publishModel(outputDir, (folder) => saveModel(model, folder, plainWriter));
  }
}

/** The folder of a checkpoint of this run, whose files are what was written. */
function soundCheckpoint({ config: { outputDir }, runId, checkpoints }: OpenRun, step: number): string {
  const found = checkpointsOfRun(outputDir, runId).find((checkpoint) => checkpoint.step === step);
  if (found === undefined)
    throw new Error(checkpoints.savedBest === step ? "it is not there any more" : "it was not saved");
  const problem = checkCheckpoint(found);
  if (problem !== null) throw new Error(problem);
  return found.folder;
}

/** What of a checkpoint is no part of the model. */
const STATE_FILES: readonly string[] = [MANIFEST, TRAINER_STATE, OPTIMIZER];

function copyModel(checkpoint: string, folder: string): void {
  for (const name of readdirSync(checkpoint)) {
    if (!STATE_FILES.includes(name)) copyFileSync(join(checkpoint, name), join(folder, name));
  }
}

const skippedStepsNote = (count: number): string =>
  `${counted(count, "step")} made no update, because the loss or the gradient was NaN or infinite; metrics.jsonl names the rows.`;

function stoppedEarly({ config, best, log, runId }: OpenRun): string {
  const { earlyStoppingPatience, outputDir } = config;
  const advice =
    lastResumable(outputDir, runId) === null
      ? ""
      : " With a higher early_stopping_patience, resume_from_checkpoint true goes on.";
  return (
    `Stopped after step ${log.steps}: ${earlyStoppingPatience} evaluations in a row were no better than that of step ` +
    `${best.best?.step ?? 0}.${advice}`
  );
}

/** Saves what a failed run has learned, and says where it is, or why it is not. */
export async function failRun(open: OpenRun, error: unknown): Promise<void> {
  const { config, files, reporter, emit } = open;
  const summary = [
    await rescue(open),
    `What was measured is in ${join(config.outputDir, "metrics.jsonl")}, the reason in run.json.`,
    ...describePrevious(config, files),
    ...(reporter ? await reporter.finish("failed") : []),
  ];
  // On a full disk this fails too, and must not hide why the run failed.
  await files.setStatus("failed", { reason: reasonOf(error), summary }).catch(() => {});
  emit({ type: "end", status: "failed", outputDir: config.outputDir, summary });
}

async function rescue({ config, runId, log: { steps }, optimizer, checkpoints }: OpenRun): Promise<string> {
  if (steps === 0) return "The run failed before its first step was done; no model was saved.";
  if (optimizer.isBroken) {
    await checkpoints.settled();
    const areThere = checkpointsOfRun(config.outputDir, runId).length > 0;
    const before = areThere ? "the checkpoints from before are as they were" : "there is no checkpoint";
    return `The run failed in the middle of an update; ${before}.`;
  }
  try {
    const folder = await checkpoints.saveNow();
    return `The run failed; its state after step ${steps} is in ${folder}.`;
  } catch (error) {
    return `The run failed; its state after step ${steps} could not be saved: ${reasonOf(error)}.`;
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The run has been saved by then: a trace that cannot be written must not make it a failed one. */
function writeProfile(profiler: StepProfiler): string[] {
  try {
    return profiler.write();
  } catch (error) {
    return [`The profile could not be written: ${reasonOf(error)}.`];
  }
}

function describePrevious({ outputDir }: TrainConfig, files: RunFiles): string[] {
  if (!files.holdsPreviousModel) return [];
  return [
    `The model in ${outputDir} itself is still that of the earlier run; run.previous.json tells of it.`,
  ];
}
