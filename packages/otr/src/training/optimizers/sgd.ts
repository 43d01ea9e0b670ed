import { aten } from "@one-token/torch";
import type { UpdateRule } from "./optimizer.js";
import { finishUpdate, gradientOf, type TrainedParameter } from "./trained-parameter.js";

/** Stochastic gradient descent as `torch.optim.SGD` without momentum: weight decay is part of the gradient. */
export function sgd(parameters: readonly TrainedParameter[]): UpdateRule {
  return {
    state: new Map(),
    update({ learningRate, gradientScale }) {
      for (const member of parameters) {
        const { parameter, weightDecay } = member;
        if (weightDecay > 0) parameter.mul_(1 - learningRate * weightDecay);
        aten.add_.Tensor(parameter, gradientOf(member), { alpha: -learningRate * gradientScale });
        finishUpdate(member);
      }
    },
  };
}
