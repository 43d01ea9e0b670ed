import { aten, full, kernels, type Tensor } from "@one-token/torch";
import type { OptimizerStep, UpdateRule } from "./optimizer.js";
import {
  finishUpdate,
  fitsKernel,
  gradientOf,
  groupByWeightDecay,
  type TrainedParameter,
  zerosLike,
} from "./trained-parameter.js";

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
  const groups = groupByWeightDecay(parameters).map(({ weightDecay, members }): Group => {
    const moments = (what: string) =>
      members.map(({ name, parameter }) => {
        const moment = zerosLike(parameter);
        state.set(`${name}.${what}`, moment);
        return moment;
      });
    return {
      members,
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
  readonly members: readonly TrainedParameter[];
  readonly firstMoments: Tensor[];
  readonly secondMoments: Tensor[];
  readonly weightDecay: number;
}

function updateInOnePass(group: Group, options: AdamWOptions, step: OptimizerStep): void {
  const { members, firstMoments, secondMoments, weightDecay } = group;
  const parameters = members.map(({ parameter }) => parameter);
  const copies = members.map(({ copy }) => copy);
  const settings = kernelSettings(options, step, weightDecay);
  kernels.adamw_(parameters, members.map(gradientOf), firstMoments, secondMoments, copies, settings);
  for (const parameter of parameters) parameter.grad = null;
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
  const { members, firstMoments, secondMoments, weightDecay } = group;
  const parameters = members.map(({ parameter }) => parameter);
  const gradients = members.map(gradientOf);
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
  for (const member of members) finishUpdate(member);
}
