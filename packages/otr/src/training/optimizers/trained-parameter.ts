import { aten, keep, scope, type Tensor } from "@one-token/torch";

/** A parameter with all that an optimizer needs to know of it. */
export interface TrainedParameter {
  readonly name: string;
  /** A leaf that records gradients. */
  readonly parameter: Tensor;
  /** The parameter in another dtype, brought up to date at each step. */
  readonly copy: Tensor | null;
  /** 0 for norms and biases. */
  readonly weightDecay: number;
}

/** Parameters that are not decayed, by the names that Transformers goes by: norm weights and biases. */
const UNDECAYED = [/bias/, /layernorm/i, /rmsnorm/i, /(^|\.)norm($|\.)/i, /_norm($|\.)/i];

/** Whether weight decay applies to a parameter of this name. */
export const isDecayed = (name: string): boolean => !UNDECAYED.some((pattern) => pattern.test(name));

/** @param copies of some of them in another dtype */
export function trainedParameters(
  parameters: ReadonlyMap<string, Tensor>,
  copies: ReadonlyMap<string, Tensor>,
  weightDecay: number,
): TrainedParameter[] {
  return [...parameters].map(([name, parameter]) => ({
    name,
    parameter,
    copy: copies.get(name) ?? null,
    weightDecay: isDecayed(name) ? weightDecay : 0,
  }));
}

/** The parameters of each weight decay, which a kernel updates in one call. */
export function groupByWeightDecay<Member extends TrainedParameter>(
  members: readonly Member[],
): { weightDecay: number; members: Member[] }[] {
  return [...new Set(members.map(({ weightDecay }) => weightDecay))].map((weightDecay) => ({
    weightDecay,
    members: members.filter((member) => member.weightDecay === weightDecay),
  }));
}

/** The gradient, for the scope that asks: zeros where no backward pass has reached the parameter. */
export const gradientOf = ({ parameter }: TrainedParameter): Tensor =>
  parameter.grad ?? aten.zeros_like(parameter.detach());

/** Whether the project's own kernels can update a parameter and its copy. */
export function fitsKernel({ parameter, copy }: TrainedParameter): boolean {
  const isWide = parameter.device === "cpu" && parameter.dtype === "float32";
  return isWide && (copy === null || copy.dtype === "bfloat16");
}

/** Zeros in the parameter's shape and dtype that outlive scopes. */
export const zerosLike = (parameter: Tensor): Tensor =>
  scope(() => keep(aten.zeros_like(parameter.detach())));

/** What ends an update: the copy is written anew, and the gradient freed once no scope holds it. */
export function finishUpdate({ parameter, copy }: TrainedParameter): void {
  copy?.copy_(parameter);
  parameter.grad = null;
}
