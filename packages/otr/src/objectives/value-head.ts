import { aten, type DType, type Tensor } from "@one-token/torch";

/**
 * The critic: v = w . h + b on the hidden state after the final norm. The hidden state is read as a constant:
 * the critic trains itself, never the trunk.
 */
export interface ValueHead {
  /** w, `(D)`. */
  readonly weight: Tensor;
  /** b, `()`. */
  readonly bias: Tensor;
}

/** v for hidden states `(N, D)`: `(N)` in `dtype`. */
export function predictValues(head: ValueHead, hidden: Tensor, dtype: DType): Tensor {
  return aten.mv(hidden.to(dtype), head.weight.to(dtype)).add_(head.bias);
}

/** Adds the gradient of some predictions, `valueGradient` (N), into `gradient`. */
export function accumulateValueGradient(gradient: ValueHead, hidden: Tensor, valueGradient: Tensor): void {
  aten.addmv_(gradient.weight, hidden.to(gradient.weight.dtype).t(), valueGradient);
  gradient.bias.add_(valueGradient.sum());
}
