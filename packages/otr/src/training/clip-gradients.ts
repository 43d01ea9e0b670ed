import { aten, scope, type Tensor } from "@one-token/torch";

/** Added to the norm before dividing, as in `torch.nn.utils.clip_grad_norm_`. */
const EPSILON = 1e-6;

/**
 * Scales gradients in place by min(1, maxNorm / (norm + 1e-6)).
 *
 * @param maxNorm 0 leaves the gradients as they are
 * @returns the norm of all gradients together before clipping; not finite when any element is not
 */
export function clipGradients(gradients: readonly Tensor[], maxNorm: number): number {
  return scope(() => {
    const norm = aten.linalg_vector_norm(aten.stack(aten._foreach_norm.Scalar(gradients))).item();
    const factor = maxNorm / (norm + EPSILON);
    if (maxNorm > 0 && factor < 1) aten._foreach_mul_.Scalar(gradients, factor);
    return norm;
  });
}
