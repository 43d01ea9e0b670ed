/** @file The checkpoints of a run: when one is due, what is in it, and which stay. */
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Tensor, writeSafetensorsInBackground } from "@one-token/torch";
import { byteCount } from "../../config/format-value.js";
import type { TrainConfig } from "../../config/train-options.js";
import { isOutOfMemory } from "../../errors.js";
import { type FolderWriter, plainWriter } from "../../models/folder-writer.js";
import type { BestEvaluation } from "../best-evaluation.js";
import { requireDiskSpace } from "../check-disk-space.js";
import type { TrainEvent } from "../events.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { PreparedRun } from "../prepare-run.js";
import type { DivergenceGuard } from "../divergence-guard.js";
import type { EvaluationSchedule } from "../evaluation-schedule.js";
import { stepsOfInterval } from "../steps-of-interval.js";
import type { RunFiles } from "../run-files.js";
import type { Rollouts } from "../rollouts.js";
import type { RunLog } from "../run-log.js";
import { tellWatcher } from "../tell-watcher.js";
import { CopiedModel, copyTensors, type TrainedModel } from "../trained-model.js";
import { partialFolder } from "./checkpoint-folders.js";
import { checkpointName, checkpointsOfRun } from "./find-checkpoints.js";
import { finishCheckpoint, finishOnThread, type FinishRequest } from "./finish-on-thread.js";
import type { ResumePoint } from "./resume-point.js";
import type { KeptSettings } from "./run-settings.js";
import { type CheckpointContent, type SaveFinished, writeCheckpoint } from "./save-checkpoint.js";
import type { TrainerState } from "./trainer-state.js";

/** What a checkpoint is made of, and who is told. */
export interface CheckpointsOptions {
  readonly config: TrainConfig;
  readonly plan: PreparedRun["plan"];
  readonly runId: string;
  readonly settings: KeptSettings;
  readonly trained: TrainedModel;
  readonly optimizer: Optimizer;
  readonly log: RunLog;
  readonly files: Pick<RunFiles, "linePaths" | "requireLines" | "restore">;
  readonly guard: Pick<DivergenceGuard, "state">;
  readonly best: BestEvaluation;
  readonly rollouts: Pick<Rollouts, "stateAfter"> | null;
  readonly evaluations: Pick<EvaluationSchedule, "isPending">;
  /** Where the run goes on from; null: it begins. */
  readonly point: ResumePoint | null;
  /** Writes the files of the model. */
  readonly saveModel: SaveFinished;
  readonly emit: (event: TrainEvent) => void;
}

/** What tells the checkpoints of one step apart. */
type SavedState = Pick<TrainerState, "step" | "evaluation_pending" | "resumable">;

/** Saves checkpoints, one at a time. */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  /** The save that is under way; it never rejects. */
  #pending: Promise<void> = Promise.resolve();
  #lastSave = performance.now();
  /** The last checkpoint that is saved or being saved. */
  #saved: SavedState | null;
  /** Step of the best evaluation whose checkpoint was saved. */
  #savedBest: number | null;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    const { point } = options;
    const isHere = point !== null && resolve(point.folder) === resolve(this.#folder(point.state.step));
    this.#saved = isHere ? point.state : null;
    this.#savedBest = options.best.best?.step ?? null;
  }

  /** Whether the options ask for a checkpoint after the steps that are done. */
  get isDue(): boolean {
    const { config, plan, log, best } = this.#options;
    const { saveStrategy, saveSteps, saveMinutes, loadBestModelAtEnd } = config;
    const { steps } = log;
    const every = stepsOfInterval(saveSteps, plan.totalSteps);
    const savesBest = saveStrategy === "best" || loadBestModelAtEnd;
    if (savesBest && best.best?.step === steps) return true;
    // Nothing is learned yet: only as the best of evaluations is the base model worth a checkpoint.
    if (steps === 0) return false;
    return (
      (saveStrategy === "steps" && steps % every === 0) ||
      (saveStrategy === "epoch" && (steps % plan.stepsPerEpoch === 0 || steps === plan.totalSteps)) ||
      (saveMinutes !== null && performance.now() - this.#lastSave >= 60_000 * saveMinutes)
    );
  }

  /**
   * Begins to save the state after the last step, and returns once it is copied: other threads write the copies. A save
   * that fails is told as a warning; the checkpoints from before stay.
   */
  async saveInBackground(): Promise<void> {
    await this.settled();
    const saved = this.#begin({ resumable: !this.#options.config.saveOnlyModel });
    if (saved === null) return;
    try {
      await this.#options.files.restore();
      this.#options.files.requireLines();
    } catch (error) {
      this.#failed(saved.step, error);
      return;
    }
    try {
      const content = this.#content(saved);
      // The copies must leave as much again, or the next step would fail for them.
      if (process.availableMemory() < 2 * sizeOf(content)) await this.#write(content);
      else await this.#writeCopy(content);
    } catch (error) {
      this.#failed(saved.step, error);
      this.#clear(saved.step);
    }
  }

  /**
   * Saves the state after the last step before it returns, with all that training needs to go on, whatever
   * `save_only_model` says, and whether or not the disk has taken all lines: what was learned is worth more.
   *
   * @returns the folder
   * @throws what made the save fail
   */
  async saveNow(): Promise<string> {
    await this.settled();
    const folder = this.#folder(this.#options.log.steps);
    const saved = this.#begin({ resumable: true });
    if (saved === null) return folder;
    this.#saved = null;
    await this.#options.files.restore();
    try {
      await this.#write(this.#content(saved));
      this.#saved = saved;
      return folder;
    } catch (error) {
      this.#clear(saved.step);
      throw error;
    }
  }

  /** Step of the best evaluation whose checkpoint was saved; somebody may have removed that since. */
  get savedBest(): number | null {
    return this.#savedBest;
  }

  /** Waits until no save is under way. */
  settled(): Promise<void> {
    return this.#pending;
  }

  /** What is to be saved; null where a checkpoint holds it already. */
  #begin({ resumable }: Pick<SavedState, "resumable">): SavedState | null {
    const { log, evaluations } = this.#options;
    const state: SavedState = { step: log.steps, evaluation_pending: evaluations.isPending, resumable };
    const last = this.#saved;
    const isSaved =
      last?.step === state.step &&
      last.evaluation_pending === state.evaluation_pending &&
      (last.resumable || !resumable) &&
      // Somebody may have removed it.
      existsSync(this.#folder(state.step));
    if (isSaved) return null;
    this.#saved = state;
    this.#lastSave = performance.now();
    return state;
  }

  #folder(step: number): string {
    return join(this.#options.config.outputDir, checkpointName(step));
  }

  async #write(content: CheckpointContent): Promise<void> {
    const { step } = content.state;
    const request = this.#request(step);
    const isBest = this.#isBest(step);
    this.#requireRoom(content);
    await writeCheckpoint(partialFolder(request.folder), content, this.#options.saveModel, plainWriter);
    this.#published(step, isBest, finishCheckpoint(request));
  }

  async #writeCopy(content: CheckpointContent): Promise<void> {
    const { step } = content.state;
    const request = this.#request(step);
    const isBest = this.#isBest(step);
    this.#requireRoom(content);
    const copy = copyContent(content);
    const writes: (() => Promise<void>)[] = [];
    const later: FolderWriter = {
      ...plainWriter,
      tensors: (...file) => void writes.push(() => writeSafetensorsInBackground(...file)),
    };
    const partial = partialFolder(request.folder);
    // Small files are written at once: each wait takes until the next step is done.
    await writeCheckpoint(partial, copy.content, this.#options.saveModel, later).catch((error: unknown) => {
      copy.dispose();
      throw error;
    });
    this.#pending = allDone(writes.map((write) => write()))
      .finally(copy.dispose)
      .then(() => finishOnThread(request))
      .then(
        (left) => this.#published(step, isBest, left),
        (error: unknown) => {
          this.#failed(step, error);
          this.#clear(step);
        },
      );
  }

  #isBest(step: number): boolean {
    return this.#options.best.best?.step === step;
  }

  #requireRoom(content: CheckpointContent): void {
    const { outputDir } = this.#options.config;
    requireDiskSpace(outputDir, sizeOf(content), checkpointName(content.state.step));
  }

  #request(step: number): FinishRequest {
    const { runId, files } = this.#options;
    return {
      folder: this.#folder(step),
      about: { run_id: runId, step },
      obsolete: this.#obsolete(step),
      lines: files.linePaths,
    };
  }

  /** Older checkpoints of this run that `save_total_limit` leaves no room for; neither the best nor damaged ones. */
  #obsolete(step: number): string[] {
    const { config, runId, best } = this.#options;
    if (config.saveTotalLimit === null) return [];
    const others = checkpointsOfRun(config.outputDir, runId).filter((other) => other.step !== step);
    const surplus = others.length + 1 - config.saveTotalLimit;
    return others
      .filter((other) => other.step !== best.best?.step && other.step !== this.#savedBest)
      .slice(0, Math.max(0, surplus))
      .map(({ folder }) => folder);
  }

  /** @param left why not all that follows a save could be done; null where it is done */
  #published(step: number, isBest: boolean, left: string | null): void {
    if (isBest) this.#savedBest = step;
    tellWatcher(this.#options.emit, { type: "checkpoint", step, folder: this.#folder(step) });
    if (left === null) return;
    const message = `checkpoint-${step} is saved, but not all that it takes the place of could be removed: ${left}.`;
    tellWatcher(this.#options.emit, { type: "warning", kind: "checkpoint_left", message });
  }

  #failed(step: number, error: unknown): void {
    const told = error instanceof Error ? error.message : String(error);
    const reason = isOutOfMemory(error) ? this.#withoutMemory() : told;
    const message = `checkpoint-${step} was not saved: ${reason}. Training goes on${this.#staying()}.`;
    tellWatcher(this.#options.emit, { type: "warning", kind: "checkpoint_failed", message });
    this.#saved = null;
  }

  /** What is said of the checkpoints from before, where there are such. */
  #staying(): string {
    const { config, runId } = this.#options;
    return checkpointsOfRun(config.outputDir, runId).length > 0 ? "; the checkpoints from before stay" : "";
  }

  /** What a checkpoint takes while it is written, and what would take less. */
  #withoutMemory(): string {
    const { config, trained, optimizer } = this.#options;
    const model = sizeOf({ trained, optimizer: null });
    const state = config.saveOnlyModel ? 0 : sizeOf({ trained, optimizer: optimizer.state }) - model;
    const less = state === 0 ? "" : `; save_only_model true leaves ${byteCount(state)} of that out`;
    return `there is not enough memory for a copy of what it holds, ${byteCount(model + state)}${less}`;
  }

  #clear(step: number): void {
    try {
      rmSync(partialFolder(this.#folder(step)), { recursive: true, force: true });
    } catch {
      // On a disk that takes no changes it stays, out of sight, until a run begins in the folder.
    }
  }

  #content(saved: SavedState): CheckpointContent {
    const { plan, runId, settings, trained, optimizer, log, guard, best, rollouts } = this.#options;
    const state: TrainerState = {
      format: 1,
      run_id: runId,
      ...saved,
      optimizer_steps: optimizer.steps,
      epoch: plan.epochAfter(log.steps),
      time: Date.now() / 1000,
      ...settings,
      metrics: log.state,
      divergence: guard.state,
      rollouts: rollouts?.stateAfter(log.steps) ?? null,
      ...best.state,
    };
    return { trained, optimizer: saved.resumable ? optimizer.state : null, state };
  }
}

/** Bytes that the tensors take, at most: the model's files are no wider than what is trained. */
function sizeOf({ trained, optimizer }: Pick<CheckpointContent, "trained" | "optimizer">): number {
  const bytes = (tensors: Iterable<Tensor>) =>
    [...tensors].reduce((sum, tensor) => sum + tensor.ownedBytes, 0);
  return bytes(trained.parameters.values()) * (optimizer ? 2 : 1) + bytes(optimizer?.values() ?? []);
}

/** Waits for all of them, and throws what the first has failed of: none goes on behind. */
async function allDone(writes: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(writes);
  await Promise.all(writes);
}

function copyContent(content: CheckpointContent): { content: CheckpointContent; dispose: () => void } {
  const trained = new CopiedModel(content.trained);
  const optimizer = copyOptimizer(content.optimizer, trained);
  const dispose = () => {
    trained.dispose();
    for (const tensor of optimizer?.values() ?? []) tensor.dispose();
  };
  return { content: { ...content, trained, optimizer }, dispose };
}

/** The copies of the model go where there is no memory for those of the optimizer. */
function copyOptimizer(
  state: CheckpointContent["optimizer"],
  trained: CopiedModel,
): CheckpointContent["optimizer"] {
  try {
    return state && copyTensors(state);
  } catch (error) {
    trained.dispose();
    throw error;
  }
}
