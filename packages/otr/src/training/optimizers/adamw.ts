import { aten, full, kernels, type Tensor } from "@one-token/torch";
import type { OptimizerStep, UpdateRule } from "./optimizer.js";
import { fitsKernel, type TrainedParameter, zerosLike } from "./trained-parameter.js";

/** What AdamW averages over, by the names of the options. */
export interface AdamWOptions {
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEpsilon: number;
}

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101). On the CPU in float32 a step is one pass over memory; elsewhere it is
 * libtorch's fused operator.
 */
export function adamW(parameters: readonly TrainedParameter[], options: AdamWOptions): UpdateRule {
  const state = new Map<string, Tensor>();
  const updateGroup = parameters.every(fitsKernel) ? updateInOnePass : updateByLibtorch;
  const groups = [...new Set(parameters.map(({ weightDecay }) => weightDecay))].map((weightDecay): Group => {
    const members = parameters.filter((member) => member.weightDecay === weightDecay);
    const moments = (what: string) =>
      members.map(({ name, parameter }) => {
        const moment = zerosLike(parameter);
        state.set(`${name}.${what}`, moment);
        return moment;
      });
    return {
      parameters: members.map(({ parameter }) => parameter),
      gradients: members.map(({ gradient }) => gradient),
      copies: members.map(({ copy }) => copy),
      firstMoments: moments("exp_avg"),
      secondMoments: moments("exp_avg_sq"),
      weightDecay,
    };
  });
  return {
    state,
    update(step) {
      for (const group of groups) updateGroup(group, options, step);
    },
  };
}

/** Parameters of one weight decay. */
interface Group {
  readonly parameters: Tensor[];
  readonly gradients: Tensor[];
  readonly firstMoments: Tensor[];
  readonly secondMoments: Tensor[];
  readonly copies: (Tensor | null)[];
  readonly weightDecay: number;
}

function updateInOnePass(group: Group, options: AdamWOptions, step: OptimizerStep): void {
  const { parameters, gradients, firstMoments, secondMoments, copies, weightDecay } = group;
  const settings = kernelSettings(options, step, weightDecay);
  kernels.adamw_(parameters, gradients, firstMoments, secondMoments, copies, settings);
}

/** What the kernels of AdamW are told of a step. */
export const kernelSettings = (options: AdamWOptions, step: OptimizerStep, weightDecay: number) => ({
  step: step.number,
  lr: step.learningRate,
  beta1: options.adamBeta1,
  beta2: options.adamBeta2,
  eps: options.adamEpsilon,
  weight_decay: weightDecay,
  gradient_scale: step.gradientScale,
});

function updateByLibtorch(group: Group, options: AdamWOptions, step: OptimizerStep): void {
  const { parameters, gradients, firstMoments, secondMoments, weightDecay } = group;
  const number = full([], step.number, { device: parameters[0].device });
  const numbers = parameters.map(() => number);
  if (step.gradientScale !== 1) aten._foreach_mul_.Scalar(gradients, step.gradientScale);
  aten._fused_adamw_(parameters, gradients, firstMoments, secondMoments, [], numbers, {
    lr: step.learningRate,
    beta1: options.adamBeta1,
    beta2: options.adamBeta2,
    weight_decay: weightDecay,
    eps: options.adamEpsilon,
    amsgrad: false,
    maximize: false,
  });
  aten._foreach_zero_(gradients);
  group.copies.forEach((copy, index) => void copy?.copy_(parameters[index]));
}
