/** @file Gives model and optimizer the numbers of a checkpoint, bit for bit. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { noGrad, readSafetensors, type SafetensorsFile, type Tensor } from "@one-token/torch";
import { DataError } from "../../errors.js";
import { ADAPTER_PREFIX, ADAPTER_WEIGHTS } from "../../models/adapter-files.js";
import { WEIGHTS } from "../../models/save-model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { VALUE_HEAD } from "../save-run.js";
import type { TrainingModel } from "../training-model.js";
import { MASTER_WEIGHTS, OPTIMIZER, OPTIMIZER_STATE } from "./save-checkpoint.js";
import type { TrainerState } from "./trainer-state.js";

/**
 * Overwrites what is trained, its copies and the optimizer's state.
 *
 * @throws {DataError} `CHECKPOINT_INVALID` for a tensor that is missing or of another shape or dtype
 */
export function restoreCheckpoint(
  folder: string,
  model: TrainingModel,
  optimizer: Optimizer,
  { optimizer_steps: steps }: Pick<TrainerState, "optimizer_steps">,
): void {
  const files = new StoredFiles(folder);
  try {
    const stored = files.open(OPTIMIZER);
    noGrad(() => {
      for (const [name, parameter] of model.parameters) {
        const exact = stored.get(`${MASTER_WEIGHTS}${name}`) ?? savedTensor(files, model, name);
        overwrite(parameter, exact, name, folder);
        model.copies.get(name)?.copy_(parameter);
      }
      for (const [name, tensor] of optimizer.state) {
        overwrite(tensor, stored.get(`${OPTIMIZER_STATE}${name}`), name, folder);
      }
    });
    optimizer.steps = steps;
  } finally {
    files.dispose();
  }
}

/** What the files of model, adapter or critic hold of a trained parameter. */
function savedTensor(files: StoredFiles, { model }: TrainingModel, name: string): Tensor | undefined {
  const ofCritic = /^value_head\.(?<part>weight|bias)$/.exec(name)?.groups?.part;
  if (ofCritic !== undefined) return files.open(VALUE_HEAD).get(ofCritic);
  if (model.adapter !== null) return files.open(ADAPTER_WEIGHTS).get(`${ADAPTER_PREFIX}${name}`);
  return files.open(WEIGHTS).get(name);
}

function overwrite(target: Tensor, stored: Tensor | undefined, name: string, folder: string): void {
  const fits = stored && stored.dtype === target.dtype && stored.shape.join() === target.shape.join();
  if (fits) {
    target.copy_(stored);
    return;
  }
  const found = stored ? `of ${stored.dtype} (${stored.shape.join(", ")})` : "not there";
  throw new DataError(
    "CHECKPOINT_INVALID",
    `${folder}: ${name} is ${found}, and ${target.dtype} (${target.shape.join(", ")}) is needed; choose another checkpoint`,
  );
}

/** Files of tensors, each opened once. */
class StoredFiles {
  readonly #opened = new Map<string, SafetensorsFile>();

  constructor(readonly folder: string) {}

  /** The tensors of a file; none where it is not there. */
  open(name: string): ReadonlyMap<string, Tensor> {
    const path = join(this.folder, name);
    let file = this.#opened.get(name);
    if (file === undefined && existsSync(path)) {
      file = readSafetensors(path);
      this.#opened.set(name, file);
    }
    return file?.tensors ?? new Map();
  }

  dispose(): void {
    for (const file of this.#opened.values()) file.dispose();
  }
}
