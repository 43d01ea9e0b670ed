import { aten, type DType, scope, type Tensor } from "@one-token/torch";
import type { OptimizerStep, UpdateRule } from "./optimizer.js";
import { finishUpdate, gradientOf, type TrainedParameter, zerosLike } from "./trained-parameter.js";

const MOMENTUM = 0.95;
const ITERATIONS = 5;
/** Of the polynomial a x + b x^3 + c x^5, which takes singular values near 1 fastest. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const EPSILON = 1e-7;

/**
 * Muon (Jordan, kellerjordan.github.io/posts/muon) as `torch.optim.Muon` with `adjust_lr_fn="match_rms_adamw"`: matrices
 * move along their orthogonalised Nesterov momentum, at the size of AdamW's updates (Liu et al., arXiv 2502.16982), so
 * that AdamW's learning rates and weight decay fit. One matrix at a time needs temporary copies.
 *
 * @param parameters matrices
 */
export function muon(parameters: readonly TrainedParameter[]): UpdateRule {
  const members = parameters.map((member) => ({ ...member, momentum: zerosLike(member.parameter) }));
  return {
    state: new Map(members.map(({ name, momentum }) => [`${name}.momentum_buffer`, momentum])),
    update(step) {
      for (const member of members) scope(() => updateMatrix(member, member.momentum, step));
    },
  };
}

function updateMatrix(member: TrainedParameter, momentum: Tensor, step: OptimizerStep): void {
  const { parameter, copy, weightDecay } = member;
  const gradient = gradientOf(member);
  const { learningRate, gradientScale } = step;
  const [rows, columns] = parameter.shape as [number, number];
  gradient.mul_(gradientScale);
  aten.lerp_.Scalar(momentum, gradient, 1 - MOMENTUM);
  aten.lerp_.Scalar(gradient, momentum, MOMENTUM);
  const update = orthogonalise(gradient, copy?.dtype ?? parameter.dtype);
  if (weightDecay > 0) parameter.mul_(1 - learningRate * weightDecay);
  aten.add_.Tensor(parameter, update, { alpha: -learningRate * 0.2 * Math.sqrt(Math.max(rows, columns)) });
  finishUpdate(member);
}

/** A matrix with the singular vectors of `matrix` and singular values near 1, by Newton-Schulz iterations in `dtype`. */
function orthogonalise(matrix: Tensor, dtype: DType): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  const isTall = rows > columns;
  let current = isTall ? matrix.to(dtype).t() : matrix.to(dtype);
  current = current.div(aten.clamp_min(aten.linalg_vector_norm(current), EPSILON));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gram = aten.mm(current, current.t());
    const polynomial = aten.addmm(gram, gram, gram, { beta: B, alpha: C });
    current = aten.addmm(current, polynomial, current, { beta: A });
  }
  return isTall ? current.t() : current;
}
