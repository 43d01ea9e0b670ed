import type { Tensor } from "@one-token/torch";
import type { TrainConfig } from "../../config/train-options.js";
import { embeddingName, headName } from "../../models/parameter-layout.js";
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
export const SMALLEST_8BIT = 4096;

/** The rules that together update all parameters, by `optim`. To add an optimizer is to add a file and a row here. */
const optimizers: Record<
  TrainConfig["optim"],
  (parameters: readonly TrainedParameter[], options: AdamWOptions) => UpdateRule[]
> = {
  adamw_torch_fused: (parameters, options) => [adamW(parameters, options)],
  adamw_8bit: (parameters, options) => {
    // As bitsandbytes in Transformers' Trainer: rare tokens' rows would share a block's scale with frequent ones'.
    const [quantised, rest] = partition(
      parameters,
      ({ name, parameter }) => parameter.numel >= SMALLEST_8BIT && name !== embeddingName,
    );
    return [adamW8bit(quantised, options), adamW(rest, options)];
  },
  adafactor: (parameters) => [adafactor(parameters)],
  sgd: (parameters) => [sgd(parameters)],
  muon: (parameters, options) => {
    // Rows of embedding and head are tokens: they are no maps between hidden spaces.
    const [matrices, rest] = partition(
      parameters,
      ({ name, parameter }) => parameter.shape.length === 2 && name !== embeddingName && name !== headName,
    );
    return [muon(matrices), adamW(rest, options)];
  },
};

/**
 * The optimizer that `options` name, over parameters whose `grad` becomes a buffer of zeros.
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
  return new Optimizer(trained, optimizers[options.optim](trained, options));
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
