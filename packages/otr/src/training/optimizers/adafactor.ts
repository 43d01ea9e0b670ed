import { aten, keep, scope, type Tensor, zeros } from "@one-token/torch";
import type { OptimizerStep, UpdateRule } from "./optimizer.js";
import { finishUpdate, gradientOf, type TrainedParameter, zerosLike } from "./trained-parameter.js";

/** Added to squared gradients. */
const EPSILON = 1e-30;
/** Root mean square that no update exceeds before it is multiplied by the learning rate. */
const CLIP_THRESHOLD = 1;
const DECAY_RATE = -0.8;
/** Elements that are squared at once. */
const BLOCK = 2 ** 18;

/**
 * Adafactor (Shazeer and Stern, arXiv 1804.04235) as Transformers' Trainer sets it: the learning rate is the schedule's,
 * neither relative to the step nor scaled by the parameter, and there is no first moment. The second moment of a matrix
 * is one number for each row and each column. The update is made in the gradient's buffer, so there is no other copy.
 */
export function adafactor(parameters: readonly TrainedParameter[]): UpdateRule {
  const members = parameters.map((member) => ({ member, moments: makeMoments(member.parameter) }));
  const named = members.flatMap(({ member, moments }) =>
    Object.entries(moments).map(([what, moment]): [string, Tensor] => [`${member.name}.${what}`, moment]),
  );
  return {
    state: new Map(named),
    update(step) {
      for (const { member, moments } of members) scope(() => updateParameter(member, moments, step));
    },
  };
}

/** Means of squared gradients: of each row and each column of a matrix, else of each element. */
type Moments =
  | { readonly exp_avg_sq_row: Tensor; readonly exp_avg_sq_col: Tensor }
  | { readonly exp_avg_sq: Tensor };

function makeMoments(parameter: Tensor): Moments {
  const { shape, dtype, device } = parameter;
  if (shape.length !== 2) return { exp_avg_sq: zerosLike(parameter) };
  const vector = (size: number) => scope(() => keep(zeros([size], { dtype, device })));
  return { exp_avg_sq_row: vector(shape[0]!), exp_avg_sq_col: vector(shape[1]!) };
}

function updateParameter(member: TrainedParameter, moments: Moments, step: OptimizerStep): void {
  const { parameter, weightDecay } = member;
  const gradient = gradientOf(member);
  const decay = 1 - step.number ** DECAY_RATE;
  if (step.gradientScale !== 1) gradient.mul_(step.gradientScale);
  if ("exp_avg_sq" in moments) {
    const { exp_avg_sq: moment } = moments;
    average(moment, gradient.mul(gradient), decay);
    gradient.mul_(moment.rsqrt());
  } else {
    const { exp_avg_sq_row: ofRows, exp_avg_sq_col: ofColumns } = moments;
    const squares = meanSquares(gradient);
    average(ofRows, squares.ofRows, decay);
    average(ofColumns, squares.ofColumns, decay);
    gradient.mul_(ofRows.div(ofRows.mean()).rsqrt().unsqueeze(1));
    gradient.mul_(ofColumns.rsqrt());
  }
  const size = aten.linalg_vector_norm(gradient).item() / Math.sqrt(parameter.numel);
  const rate = step.learningRate / Math.max(1, size / CLIP_THRESHOLD);
  if (weightDecay > 0) parameter.mul_(1 - step.learningRate * weightDecay);
  aten.add_.Tensor(parameter, gradient, { alpha: -rate });
  finishUpdate(member);
}

/** The mean square of each row and of each column, by blocks of rows that stay in the cache. */
function meanSquares(matrix: Tensor): { ofRows: Tensor; ofColumns: Tensor } {
  const [rows, columns] = matrix.shape as [number, number];
  const { dtype, device } = matrix;
  const ofRows = zeros([rows], { dtype, device });
  const ofColumns = zeros([columns], { dtype, device });
  const blockRows = Math.max(1, Math.floor(BLOCK / columns));
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    scope(() => {
      const block = matrix.narrow(0, start, count);
      const squares = block.mul(block);
      ofRows.narrow(0, start, count).copy_(squares.mean(1));
      ofColumns.add_(squares.sum(0));
    });
  }
  return { ofRows, ofColumns: ofColumns.div_(rows) };
}

function average(moment: Tensor, squares: Tensor, decay: number): void {
  aten.add_.Tensor(moment.mul_(decay), squares.add_(EPSILON), { alpha: 1 - decay });
}
