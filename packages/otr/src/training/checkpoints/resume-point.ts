/** @file Which checkpoint a run goes on from, and what of an earlier run is in its way. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { TrainConfig } from "../../config/train-options.js";
import { DataError } from "../../errors.js";
import { readRunIdentity } from "../run-record.js";
import { removeCheckpoint, removeLeftovers, setCheckpointAside } from "./checkpoint-folders.js";
import {
  checkCheckpoint,
  checkpointsOfRun,
  type FoundCheckpoint,
  listCheckpoints,
} from "./find-checkpoints.js";
import { type EarlyStopping, isNewlyHopeful } from "./newly-hopeful.js";
import { readManifest } from "./manifest.js";
import { readTrainerState, type TrainerState } from "./trainer-state.js";

/** A checkpoint that is sound. */
export interface ResumePoint {
  readonly folder: string;
  readonly state: TrainerState;
}

/** A checkpoint that training cannot go on from. */
export interface PassedOver {
  readonly folder: string;
  /** Why. */
  readonly problem: string;
}

/** Where a run begins. */
export interface StartingPlace {
  /** The checkpoint that it goes on from; null: it begins at its first step. */
  readonly point: ResumePoint | null;
  /** Checkpoints of the run, newest first, that would have been taken instead. */
  readonly passedOver: readonly PassedOver[];
}

type ResumeOptions = Pick<
  TrainConfig,
  "resumeFromCheckpoint" | "outputDir" | "overwriteOutputDir" | "resumeAllowChanges"
> &
  EarlyStopping;

/**
 * Where the options have the run begin; `"complete"` where the run in `output_dir` has ended and has nothing to go on with.
 *
 * @throws {DataError} `CHECKPOINT_NOT_FOUND`; `CHECKPOINT_INVALID` for a folder that was named and is not sound;
 *   `CHECKPOINTS_IN_THE_WAY` where a run would begin anew over what an unfinished one has saved
 */
export function findResumePoint(options: ResumeOptions): StartingPlace | "complete" {
  const { resumeFromCheckpoint: from, outputDir } = options;
  if (from === false) {
    requireNoUnfinishedRun(options);
    return { point: null, passedOver: [] };
  }
  if (from !== true && from !== "auto") return { point: namedPoint(from, options), passedOver: [] };
  const run = readRunIdentity(outputDir);
  const isDone = run?.status === "completed" && !isNewlyHopeful(outputDir, options);
  if (isDone && options.resumeAllowChanges.length === 0) return "complete";
  const place = newestPlace(checkpointsOf(outputDir, run?.runId ?? null));
  if (place.point !== null || from === "auto") return place;
  const advice =
    place.passedOver.length === 0
      ? "leave out resume_from_checkpoint to begin anew"
      : "begin anew with resume_from_checkpoint auto, which keeps these under other names";
  throw new DataError(
    "CHECKPOINT_NOT_FOUND",
    [
      `${outputDir} holds no checkpoint that training could go on from`,
      ...place.passedOver.map(({ folder, problem }) => `  ${folder}: ${problem}`),
      `Give the folder of a checkpoint, or ${advice}`,
    ].join("\n"),
  );
}

/** Those of one run, and those whose manifest says nothing; all where no run is known. */
function checkpointsOf(outputDir: string, runId: string | null): FoundCheckpoint[] {
  return listCheckpoints(outputDir).filter(
    ({ manifest }) => runId === null || manifest === null || manifest.run_id === runId,
  );
}

function newestPlace(found: readonly FoundCheckpoint[]): StartingPlace {
  const passedOver: PassedOver[] = [];
  for (const checkpoint of [...found].reverse()) {
    const { folder } = checkpoint;
    const problem = checkCheckpoint(checkpoint);
    const state = problem ?? stateOf(folder);
    if (typeof state === "string") passedOver.push({ folder, problem: state });
    else if (state.resumable) return { point: { folder, state }, passedOver };
    else passedOver.push({ folder, problem: MODEL_ALONE });
  }
  return { point: null, passedOver };
}

const MODEL_ALONE = "it holds the model alone (save_only_model)";

/**
 * The newest checkpoint of a run that says of itself that training can go on from it; its files are not read through. Null
 * where there is none.
 */
export function lastResumable(outputDir: string, runId: string): string | null {
  const found = checkpointsOfRun(outputDir, runId).findLast(({ folder, problem }) => {
    const state = problem ?? stateOf(folder);
    return typeof state !== "string" && state.resumable;
  });
  return found?.folder ?? null;
}

/** The state in a checkpoint, or what is wrong with it. */
function stateOf(folder: string): TrainerState | string {
  try {
    return readTrainerState(folder);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message;
  }
}

function namedPoint(folder: string, { outputDir, overwriteOutputDir }: ResumeOptions): ResumePoint {
  if (!existsSync(folder)) {
    throw new DataError(
      "CHECKPOINT_NOT_FOUND",
      `the checkpoint ${folder} does not exist; otr checkpoints ${dirname(folder)} lists those there are`,
    );
  }
  const manifest = readManifest(folder);
  const problem =
    "problem" in manifest
      ? manifest.problem
      : checkCheckpoint({ folder, step: manifest.step, problem: null, manifest });
  if (problem !== null) {
    throw new DataError("CHECKPOINT_INVALID", `training cannot go on from ${folder}: ${problem}`);
  }
  const state = readTrainerState(folder);
  if (!state.resumable) {
    throw new DataError(
      "CHECKPOINT_INVALID",
      `training cannot go on from ${folder}: ${MODEL_ALONE}; give it as model_name_or_path to begin a new run`,
    );
  }
  const isOthers = readRunIdentity(outputDir)?.runId !== state.run_id;
  if (isOthers) requireNoUnfinishedRun({ outputDir, overwriteOutputDir });
  const newer = laterThan(state, listCheckpoints(outputDir)).filter(
    (other) => checkCheckpoint(other) === null,
  );
  if (newer.length > 0 && !overwriteOutputDir) {
    throw new DataError(
      "CHECKPOINTS_IN_THE_WAY",
      `${newer.map(({ folder: other }) => other).join(", ")} of the same run would be lost, because training goes on from ${folder}; ` +
        "give another output_dir, or allow it with overwrite_output_dir",
    );
  }
  return { folder, state };
}

function requireNoUnfinishedRun({
  outputDir,
  overwriteOutputDir,
}: Pick<ResumeOptions, "outputDir" | "overwriteOutputDir">): void {
  if (overwriteOutputDir) return;
  const run = readRunIdentity(outputDir);
  if (run === null || run.status === "completed") return;
  const { point, passedOver } = newestPlace(checkpointsOf(outputDir, run.runId));
  if (point !== null) {
    throw new DataError(
      "CHECKPOINTS_IN_THE_WAY",
      `${outputDir} holds a run that has not ended, with a checkpoint after step ${point.state.step}. Go on from it with resume_from_checkpoint true, ` +
        "choose another output_dir, or remove it with overwrite_output_dir true",
    );
  }
  if (passedOver.length === 0) return;
  throw new DataError(
    "CHECKPOINTS_IN_THE_WAY",
    [
      `${outputDir} holds a run that has not ended, and checkpoints that training cannot go on from:`,
      ...passedOver.map(({ folder, problem }) => `  ${folder}: ${problem}`),
      "Begin anew with resume_from_checkpoint auto, which keeps them under other names; choose another output_dir; or let them " +
        "go with overwrite_output_dir true",
    ].join("\n"),
  );
}

/** What became of that which was in the way of a run, in sentences for the person. */
export interface ClearedWay {
  readonly notes: readonly string[];
  /** Of what is lost to the run, but kept. */
  readonly warnings: readonly string[];
}

/**
 * Takes out of the way of a run what it would be confused with. What a process has left that was killed in the middle of a
 * save goes, and so do checkpoints that the run does not go on from; those that it cannot go on from are nobody's to remove,
 * and get other names.
 */
export function clearTheWay(
  { outputDir }: Pick<TrainConfig, "outputDir">,
  { point, passedOver }: StartingPlace,
): ClearedWay {
  removeLeftovers(outputDir);
  if (point === null && passedOver.length > 0) return { notes: [], warnings: [beginAnew(passedOver)] };
  const found = listCheckpoints(outputDir);
  const obsolete = point === null ? ofUnfinishedRun(outputDir, found) : laterThan(point.state, found);
  for (const { folder } of obsolete) removeCheckpoint(folder);
  const names = obsolete.map(({ folder }) => folder).join(", ");
  const notes = obsolete.length === 0 ? [] : [`Removed ${names}, which this run does not go on from.`];
  return { notes, warnings: [] };
}

function beginAnew(passedOver: readonly PassedOver[]): string {
  const kept = passedOver.map(({ folder, problem }) => `${setCheckpointAside(folder)} (${problem})`);
  return (
    "Training begins anew, because it cannot go on from any checkpoint that is there. They are kept, as they were: " +
    `${kept.join(", ")}. Remove what you do not need.`
  );
}

function ofUnfinishedRun(outputDir: string, found: readonly FoundCheckpoint[]): FoundCheckpoint[] {
  const run = readRunIdentity(outputDir);
  if (run === null || run.status === "completed") return [];
  return found.filter(({ manifest }) => manifest?.run_id === run.runId);
}

const laterThan = ({ run_id, step }: TrainerState, found: readonly FoundCheckpoint[]): FoundCheckpoint[] =>
  found.filter((other) => other.manifest?.run_id === run_id && other.step > step);

/** Removes checkpoints of earlier runs from the folder of one that is complete. */
export function removeOtherRuns(outputDir: string, runId: string): void {
  for (const { folder, manifest } of listCheckpoints(outputDir)) {
    if (manifest !== null && manifest.run_id !== runId) removeCheckpoint(folder);
  }
}
