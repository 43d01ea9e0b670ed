/** @file The weights as passes without gradients compute with them. */
import type { DType } from "@one-token/torch";
import type { CausalLM, ForwardOptions } from "../models/causal-lm.js";
import { packMatrices } from "../models/packed-matrix.js";

/** Copies of a model's matrices, as they are now: for passes until the weights change. */
export class InferenceWeights {
  /** What the passes are given. */
  readonly options: ForwardOptions & { readonly computeDtype: DType };

  /** @param computeDtype what is computed in; the parameters stay as they are */
  constructor(model: CausalLM, computeDtype: DType = model.dtype) {
    const packed = packMatrices(model, computeDtype);
    // Packed matrices need no other copy; where there are none, a matrix would be cast in every pass.
    const copies = packed.size > 0 ? new Map() : model.copyMatrices(computeDtype);
    this.options = { computeDtype, packed, copies };
  }

  /** Frees the copies. */
  dispose(): void {
    for (const matrix of this.options.packed?.values() ?? []) matrix.dispose();
    for (const copy of this.options.copies?.values() ?? []) copy.dispose();
  }
}
