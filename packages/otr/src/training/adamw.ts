import { aten, keep, noGrad, scope, type Tensor, zeros } from "@one-token/torch";

/** Step size and decay of AdamW (Loshchilov and Hutter, arXiv 1711.05101). */
export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

interface Group {
  readonly parameters: Tensor[];
  readonly gradients: Tensor[];
  readonly firstMoments: Tensor[];
  readonly secondMoments: Tensor[];
  readonly steps: Tensor[];
  readonly weightDecay: number;
}

/** Parameters that are not decayed, by the names that Transformers goes by: norm weights and biases. */
const UNDECAYED = [/bias/, /layernorm/i, /rmsnorm/i, /(^|\.)norm($|\.)/i, /_norm($|\.)/i];

/** Whether weight decay applies to a parameter of this name. */
export const isDecayed = (name: string): boolean => !UNDECAYED.some((pattern) => pattern.test(name));

/**
 * AdamW by libtorch's fused multi-tensor operator, with gradients in buffers that live as long as the optimizer:
 * autograd and the chunked head add into them, {@link zeroGradients} clears them.
 */
export class AdamW {
  readonly #groups: Group[];
  readonly #options: AdamWOptions;

  /** @param parameters leaves that record gradients, by name; their `grad` becomes a buffer of zeros */
  constructor(parameters: ReadonlyMap<string, Tensor>, options: AdamWOptions) {
    this.#options = options;
    const entries = [...parameters];
    this.#groups = [true, false]
      .map((decayed) =>
        entries.filter(([name]) => isDecayed(name) === decayed).map(([, parameter]) => parameter),
      )
      .map((members, index) => makeGroup(members, index === 0 ? options.weightDecay : 0))
      .filter((group) => group.parameters.length > 0);
  }

  /** The gradient buffers of all parameters. */
  get gradients(): readonly Tensor[] {
    return this.#groups.flatMap((group) => group.gradients);
  }

  /** One update with the gradients as they are. */
  step(learningRate: number): void {
    const { beta1, beta2, epsilon } = this.#options;
    noGrad(() => {
      for (const { parameters, gradients, firstMoments, secondMoments, steps, weightDecay } of this.#groups) {
        aten._foreach_add_.Scalar(steps, 1);
        aten._fused_adamw_(parameters, gradients, firstMoments, secondMoments, [], steps, {
          lr: learningRate,
          beta1,
          beta2,
          weight_decay: weightDecay,
          eps: epsilon,
          amsgrad: false,
          maximize: false,
        });
      }
    });
  }

  zeroGradients(): void {
    for (const { gradients } of this.#groups) aten._foreach_zero_(gradients);
  }

  dispose(): void {
    for (const { gradients, firstMoments, secondMoments, steps } of this.#groups) {
      for (const tensor of [...gradients, ...firstMoments, ...secondMoments, ...steps]) tensor.dispose();
    }
  }
}

function makeGroup(parameters: Tensor[], weightDecay: number): Group {
  return scope(() => {
    const zerosLike = () => parameters.map((parameter) => keep(aten.zeros_like(parameter.detach())));
    const gradients = zerosLike();
    parameters.forEach((parameter, index) => {
      parameter.grad = gradients[index];
    });
    const steps = parameters.map((parameter) => keep(zeros([], { device: parameter.device })));
    return {
      parameters,
      gradients,
      firstMoments: zerosLike(),
      secondMoments: zerosLike(),
      steps,
      weightDecay,
    };
  });
}
