import { aten, full, keep, kernels, noGrad, scope, type Tensor } from "@one-token/torch";

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
  readonly copies: (Tensor | null)[];
  readonly weightDecay: number;
}

/** Parameters that are not decayed, by the names that Transformers goes by: norm weights and biases. */
const UNDECAYED = [/bias/, /layernorm/i, /rmsnorm/i, /(^|\.)norm($|\.)/i, /_norm($|\.)/i];

/** Whether weight decay applies to a parameter of this name. */
export const isDecayed = (name: string): boolean => !UNDECAYED.some((pattern) => pattern.test(name));

/**
 * AdamW with gradients in buffers that live as long as the optimizer: autograd and the chunked head add into them, each
 * step clears them. On the CPU in float32 a step is one pass over memory; elsewhere it is libtorch's fused operator.
 */
export class AdamW {
  readonly #groups: readonly Group[];
  readonly #options: AdamWOptions;
  readonly #isOnePass: boolean;
  #steps = 0;

  /**
   * @param parameters leaves that record gradients, by name; their `grad` becomes a buffer of zeros
   * @param copies of some of them in another dtype, brought up to date at each step
   */
  constructor(
    parameters: ReadonlyMap<string, Tensor>,
    options: AdamWOptions,
    copies: ReadonlyMap<string, Tensor> = new Map(),
  ) {
    this.#options = options;
    const entries = [...parameters];
    this.#groups = [true, false]
      .map((decayed) => {
        const members = entries.filter(([name]) => isDecayed(name) === decayed);
        return makeGroup(members, copies, decayed ? options.weightDecay : 0);
      })
      .filter((group) => group.parameters.length > 0);
    this.#isOnePass = entries.every(([name, { device, dtype }]) => {
      const copy = copies.get(name)?.dtype ?? "bfloat16";
      return device === "cpu" && dtype === "float32" && copy === "bfloat16";
    });
  }

  /** The gradient buffers of all parameters. */
  get gradients(): readonly Tensor[] {
    return this.#groups.flatMap((group) => group.gradients);
  }

  /**
   * One update; the gradients are zero afterwards.
   *
   * @param gradientScale what the gradients are multiplied by before
   */
  step(learningRate: number, gradientScale = 1): void {
    this.#steps++;
    noGrad(() =>
      scope(() => {
        for (const group of this.#groups) {
          if (this.#isOnePass) this.#stepInOnePass(group, learningRate, gradientScale);
          else this.#stepByLibtorch(group, learningRate, gradientScale);
        }
      }),
    );
  }

  #stepInOnePass(group: Group, learningRate: number, gradientScale: number): void {
    const { parameters, gradients, firstMoments, secondMoments, copies, weightDecay } = group;
    const { beta1, beta2, epsilon } = this.#options;
    kernels.adamw_(parameters, gradients, firstMoments, secondMoments, copies, {
      step: this.#steps,
      lr: learningRate,
      beta1,
      beta2,
      eps: epsilon,
      weight_decay: weightDecay,
      gradient_scale: gradientScale,
    });
  }

  #stepByLibtorch(group: Group, learningRate: number, gradientScale: number): void {
    const { parameters, gradients, firstMoments, secondMoments, weightDecay } = group;
    const { beta1, beta2, epsilon } = this.#options;
    const step = full([], this.#steps, { device: parameters[0].device });
    const steps = parameters.map(() => step);
    if (gradientScale !== 1) aten._foreach_mul_.Scalar(gradients, gradientScale);
    aten._fused_adamw_(parameters, gradients, firstMoments, secondMoments, [], steps, {
      lr: learningRate,
      beta1,
      beta2,
      weight_decay: weightDecay,
      eps: epsilon,
      amsgrad: false,
      maximize: false,
    });
    aten._foreach_zero_(gradients);
    group.copies.forEach((copy, index) => void copy?.copy_(parameters[index]));
  }

  dispose(): void {
    for (const { gradients, firstMoments, secondMoments } of this.#groups) {
      for (const tensor of [...gradients, ...firstMoments, ...secondMoments]) tensor.dispose();
    }
  }
}

function makeGroup(
  members: readonly (readonly [string, Tensor])[],
  copies: ReadonlyMap<string, Tensor>,
  weightDecay: number,
): Group {
  const parameters = members.map(([, parameter]) => parameter);
  return scope(() => {
    const zerosLike = () => parameters.map((parameter) => keep(aten.zeros_like(parameter.detach())));
    const gradients = zerosLike();
    parameters.forEach((parameter, index) => {
      parameter.grad = gradients[index];
    });
    return {
      parameters,
      gradients,
      firstMoments: zerosLike(),
      secondMoments: zerosLike(),
      copies: members.map(([name]) => copies.get(name) ?? null),
      weightDecay,
    };
  });
}
