/** @file The model as it was before training, with which its divergence is measured. */
import type { RolloutRow } from "./rollout-row.js";
import { CopiedModel } from "./trained-model.js";
import type { TrainingModel } from "./training-model.js";

/** A model that stays as it is. Beside an adapter only that is copied: the rest is the same. */
export class ReferenceModel {
  readonly #copied: CopiedModel;
  readonly #model: TrainingModel;

  /** Copies `model` as it is now. */
  constructor(model: TrainingModel) {
    this.#copied = new CopiedModel(model, model.model.device);
    this.#model = model.of(this.#copied.model);
  }

  /** log pi of the tokens of each row that are learned, as `TrainingModel.logProbabilities` tells. */
  logProbabilities(rows: readonly RolloutRow[]): number[][] {
    return this.#model.logProbabilities(rows);
  }

  dispose(): void {
    for (const copy of this.#model.copies.values()) copy.dispose();
    this.#copied.dispose();
  }
}
