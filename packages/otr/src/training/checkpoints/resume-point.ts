/** @file Which checkpoint a run goes on from, and what of an earlier run is in its way. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { TrainConfig } from "../../config/train-options.js";
import { DataError } from "../../errors.js";
import { readRunIdentity } from "../run-record.js";
import { removeCheckpoint, removeLeftovers } from "./checkpoint-folders.js";
import { checkCheckpoint, type FoundCheckpoint, listCheckpoints } from "./find-checkpoints.js";
import { readManifest } from "./manifest.js";
import { readTrainerState, type TrainerState } from "./trainer-state.js";

/** A checkpoint that is sound. */
export interface ResumePoint {
  readonly folder: string;
  readonly state: TrainerState;
  /** Sentences for the person, such as which newer checkpoint is damaged. */
  readonly notes: readonly string[];
}

type ResumeOptions = Pick<
  TrainConfig,
  "resumeFromCheckpoint" | "outputDir" | "overwriteOutputDir" | "resumeAllowChanges"
>;

/**
 * The checkpoint that the options ask for; null where the run begins at its first step; `"complete"` where the run in
 * `output_dir` has ended and nothing is changed.
 *
 * @throws {DataError} `CHECKPOINT_NOT_FOUND`; `CHECKPOINT_INVALID` for a folder that was named and is not sound;
 *   `CHECKPOINTS_IN_THE_WAY` where a run would begin anew over what an unfinished one has saved
 */
export function findResumePoint(options: ResumeOptions): ResumePoint | "complete" | null {
  const { resumeFromCheckpoint: from, outputDir } = options;
  if (from === false) {
    requireNoUnfinishedRun(options);
    return null;
  }
  if (from !== true && from !== "auto") return namedPoint(from, options);
  const run = readRunIdentity(outputDir);
  if (run?.status === "completed" && options.resumeAllowChanges.length === 0) return "complete";
  const point = newestPoint(checkpointsOf(outputDir, run?.runId ?? null));
  if ("folder" in point) return point;
  if (from === "auto" && point.problems.length === 0) return null;
  throw new DataError(
    "CHECKPOINT_NOT_FOUND",
    [
      `${outputDir} holds no checkpoint that training could go on from`,
      ...point.problems.map((problem) => `  ${problem}`),
      "Give the folder of a checkpoint, or leave out resume_from_checkpoint to begin anew",
    ].join("\n"),
  );
}

/** Those of one run: an earlier run's may lie beside them. */
function checkpointsOf(outputDir: string, runId: string | null): FoundCheckpoint[] {
  return listCheckpoints(outputDir).filter(
    ({ manifest }) => runId === null || manifest === null || manifest.run_id === runId,
  );
}

function newestPoint(
  found: readonly FoundCheckpoint[],
): ResumePoint | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  for (const checkpoint of [...found].reverse()) {
    const problem = checkCheckpoint(checkpoint);
    if (problem !== null) {
      problems.push(`${checkpoint.folder} is passed over: ${problem}.`);
      continue;
    }
    const state = stateOf(checkpoint.folder);
    if ("problem" in state) {
      problems.push(`${checkpoint.folder} is passed over: ${state.problem}.`);
      continue;
    }
    if (state.resumable) return { folder: checkpoint.folder, state, notes: problems };
    problems.push(`${checkpoint.folder} is passed over: it holds the model alone (save_only_model).`);
  }
  return { problems };
}

function stateOf(folder: string): TrainerState | { readonly problem: string } {
  try {
    return readTrainerState(folder);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { problem: error.message };
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
      `training cannot go on from ${folder}: it holds the model alone (save_only_model); give it as model_name_or_path to begin a new run`,
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
  return { folder, state, notes: [] };
}

function requireNoUnfinishedRun({
  outputDir,
  overwriteOutputDir,
}: Pick<ResumeOptions, "outputDir" | "overwriteOutputDir">): void {
  if (overwriteOutputDir) return;
  const run = readRunIdentity(outputDir);
  if (run === null || run.status === "completed") return;
  const sound = checkpointsOf(outputDir, run.runId).filter(({ problem }) => problem === null);
  const newest = sound.at(-1);
  if (newest === undefined) return;
  throw new DataError(
    "CHECKPOINTS_IN_THE_WAY",
    `${outputDir} holds a run that has not ended, with a checkpoint after step ${newest.step}. Go on from it with resume_from_checkpoint true, ` +
      "choose another output_dir, or remove it with overwrite_output_dir true",
  );
}

/**
 * Removes what is in the way of a run: what a process has left that was killed in the middle of a save, and checkpoints that
 * the run would be confused with.
 *
 * @param point where the run goes on from; null: it begins anew
 * @returns sentences for the person
 */
export function clearTheWay(
  { outputDir }: Pick<TrainConfig, "outputDir">,
  point: ResumePoint | null,
): string[] {
  removeLeftovers(outputDir);
  const found = listCheckpoints(outputDir);
  const obsolete = point === null ? ofUnfinishedRun(outputDir, found) : laterThan(point.state, found);
  for (const { folder } of obsolete) removeCheckpoint(folder);
  const names = obsolete.map(({ folder }) => folder).join(", ");
  return obsolete.length === 0 ? [] : [`Removed ${names}, which this run does not go on from.`];
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
