import type { DType, Tensor } from "@one-token/torch";

/** A tensor of a checkpoint. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** Of the numbers that {@link load} gives. */
  readonly dtype: DType;
  /** Its numbers, on the CPU: to be copied, and not to be changed. Belongs to the innermost scope. */
  load(): Tensor;
}

/** What a checkpoint holds, by the names that transformers has for it. Nothing can be loaded after `dispose`. */
export interface StoredWeights {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  dispose(): void;
}
