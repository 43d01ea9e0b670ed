/** @file The files of a checkpoint: those of a model, and all that training needs to go on as if it had not stopped. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DType, Tensor } from "@one-token/torch";
import type { FolderWriter } from "../../models/folder-writer.js";
import type { saveRun } from "../save-run.js";
import type { TrainedModel } from "../trained-model.js";
import { TRAINER_STATE, type TrainerState } from "./trainer-state.js";

export const OPTIMIZER = "optimizer.safetensors";
/** What the names of exact weights begin with in {@link OPTIMIZER}, where the model's files are narrower. */
export const MASTER_WEIGHTS = "master_weights.";
/** What the names of the optimizer's tensors begin with. */
export const OPTIMIZER_STATE = "state.";

/** All that a checkpoint holds. */
export interface CheckpointContent {
  readonly trained: TrainedModel;
  /** The optimizer's tensors by name; null: the model is saved alone. */
  readonly optimizer: ReadonlyMap<string, Tensor> | null;
  readonly state: TrainerState;
}

/** The run's own part of {@link saveRun}. */
export type SaveFinished = (
  trained: TrainedModel,
  folder: string,
  writer: FolderWriter,
) => ReturnType<typeof saveRun>;

/**
 * Writes the files of a checkpoint into `partial`, which is made anew.
 *
 * @param saveModel writes the files of the model
 * @param writer how files are written
 */
export async function writeCheckpoint(
  partial: string,
  { trained, optimizer, state }: CheckpointContent,
  saveModel: SaveFinished,
  writer: FolderWriter,
): Promise<void> {
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const dtype = await saveModel(trained, partial, writer);
  if (optimizer !== null) {
    await writer.tensors(join(partial, OPTIMIZER), stateTensors(trained, optimizer, dtype), { format: "pt" });
  }
  writeFileSync(join(partial, TRAINER_STATE), `${JSON.stringify(state, null, 2)}\n`);
}

function stateTensors(
  { model, parameters }: TrainedModel,
  optimizer: ReadonlyMap<string, Tensor>,
  saved: DType,
): ReadonlyMap<string, Tensor> {
  const prefixed = (prefix: string, tensors: Iterable<[string, Tensor]>) =>
    Array.from(tensors, ([name, tensor]): [string, Tensor] => [`${prefix}${name}`, tensor]);
  // Adapter and critic are saved as they are trained.
  const narrowed = [...parameters].filter(
    ([name, { dtype }]) => dtype !== saved && model.adapter === null && model.parameters.has(name),
  );
  return new Map([...prefixed(MASTER_WEIGHTS, narrowed), ...prefixed(OPTIMIZER_STATE, optimizer)]);
}
