import type { Tensor } from "@one-token/torch";
import type { TrainConfig } from "../../config/train-options.js";
import { countNumbers, embeddingName, headName, type ParameterSpec } from "../../models/parameter-layout.js";
import { adafactor } from "./adafactor.js";
import { type AdamWOptions, adamW } from "./adamw.js";
import { adamW8bit } from "./adamw-8bit.js";
import { muon } from "./muon.js";
import { Optimizer, type UpdateRule } from "./optimizer.js";
import { sgd } from "./sgd.js";
import { type TrainedParameter, trainedParameters } from "./trained-parameter.js";

/** Everything that configures an optimizer, by the names of the options; each reads what concerns it. */
export type OptimizerOptions = AdamWOptions & Pick<TrainConfig, "optim" | "weightDecay">;

/** Moments of fewer elements are held in float32 by `adamw_8bit`, as in bitsandbytes. */
const SMALLEST_8BIT = 4096;

/** A parameter by name and shape, before it exists or after. */
type Shaped = Pick<ParameterSpec, "name" | "shape">;

/**
 * Whether `adamw_8bit` holds a parameter's moments in bytes. As bitsandbytes in Transformers' Trainer not of the embedding:
 * rare tokens' rows would share a block's scale with frequent ones'.
 */
export const hasByteMoments = (parameter: Shaped): boolean =>
  countNumbers([parameter]) >= SMALLEST_8BIT && parameter.name !== embeddingName;

/** Whether `muon` orthogonalises a parameter. Rows of embedding and head are tokens: no maps between hidden spaces. */
export const isHiddenMatrix = ({ name, shape }: Shaped): boolean =>
  shape.length === 2 && name !== embeddingName && name !== headName;

/** The rules that together update all parameters, by `optim`. To add an optimizer is to add a file and a row here. */
const optimizers: Record<
  TrainConfig["optim"],
  (parameters: readonly TrainedParameter[], options: AdamWOptions) => UpdateRule[]
> = {
  adamw_torch_fused: (parameters, options) => [adamW(parameters, options)],
  adamw_8bit: (parameters, options) => {
    const [quantised, rest] = partition(parameters, hasByteMoments);
    return [adamW8bit(quantised, options), adamW(rest, options)];
  },
  adafactor: (parameters) => [adafactor(parameters)],
  sgd: (parameters) => [sgd(parameters)],
  muon: (parameters, options) => {
    const [matrices, rest] = partition(parameters, isHiddenMatrix);
    return [muon(matrices), adamW(rest, options)];
  },
};

/**
 * The optimizer that `options` name.
 *
 * @param parameters leaves that record gradients, by name
 * @param copies of some of them in another dtype, brought up to date at each step
 */
export function createOptimizer(
  parameters: ReadonlyMap<string, Tensor>,
  options: OptimizerOptions,
  copies: ReadonlyMap<string, Tensor> = new Map(),
): Optimizer {
  const trained = trainedParameters(parameters, copies, options.weightDecay);
  return new Optimizer(optimizers[options.optim](trained, options));
}

function partition(
  parameters: readonly TrainedParameter[],
  belongs: (parameter: Shaped) => boolean,
): [TrainedParameter[], TrainedParameter[]] {
  const isIn = ({ name, parameter }: TrainedParameter) => belongs({ name, shape: parameter.shape });
  return [parameters.filter(isIn), parameters.filter((item) => !isIn(item))];
}
