import { aten, scope, type Tensor } from "@one-token/torch";

/** Added to the norm before dividing, as in `torch.nn.utils.clip_grad_norm_`. */
const EPSILON = 1e-6;

/** The norm of the gradients of all parameters together; not finite when any element is not. */
export function gradientNorm(parameters: Iterable<Tensor>): number {
  return scope(() => {
    const gradients = [...parameters].flatMap(({ grad }) => grad ?? []);
    return aten.linalg_vector_norm(aten.stack(aten._foreach_norm.Scalar(gradients))).item();
  });
}

/** What the gradients are multiplied by: min(1, maxNorm / (norm + 1e-6)). A `maxNorm` of 0 does not clip. */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + EPSILON)) : 1;
}
