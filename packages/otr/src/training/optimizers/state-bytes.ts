import type { TrainConfig } from "../../config/train-options.js";
import { countNumbers, type ParameterSpec } from "../../models/parameter-layout.js";
import { hasByteMoments, isHiddenMatrix } from "./registry.js";

const FLOAT = 4;

/** Codes of one byte and a scale for each 256 of them, for each of two moments. */
const quantised = (numel: number) => 2 * Math.ceil(numel / 256) * (256 + FLOAT);

/** Bytes of state for one parameter, by `optim`; what `Optimizer.stateBytes` will be, before there is an optimizer. */
const stateOf: Record<TrainConfig["optim"], (parameter: ParameterSpec, numel: number) => number> = {
  adamw_torch_fused: (_, numel) => 2 * FLOAT * numel,
  adamw_8bit: (parameter, numel) => (hasByteMoments(parameter) ? quantised(numel) : 2 * FLOAT * numel),
  adafactor: ({ shape }, numel) => FLOAT * (shape.length === 2 ? shape[0]! + shape[1]! : numel),
  sgd: () => 0,
  muon: (parameter, numel) => (isHiddenMatrix(parameter) ? 1 : 2) * FLOAT * numel,
};

/** Bytes of an optimizer's state for parameters of this layout. */
export function optimizerStateBytes(optim: TrainConfig["optim"], layout: readonly ParameterSpec[]): number {
  return layout.reduce((sum, parameter) => sum + stateOf[optim](parameter, countNumbers([parameter])), 0);
}
