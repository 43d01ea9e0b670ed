import type { TrainConfig } from "../config/train-options.js";
import type { Objective } from "../objectives/objective.js";

/** What is minimised, with the settings that it has, in a few words. */
export function describeObjective(
  { lossType }: Pick<Objective, "lossType">,
  config: Pick<
    TrainConfig,
    | "otrEstimator"
    | "otrNumSamples"
    | "otrTemperature"
    | "otrBeta"
    | "otrBaseline"
    | "otrImportanceCorrection"
    | "nllCoef"
    | "labelSmoothingFactor"
    | "entropyCoef"
    | "unlikelihoodCoef"
    | "rewardFuncs"
    | "numGenerations"
    | "temperature"
    | "beta"
    | "numIterations"
  >,
): string {
  const { otrEstimator, otrNumSamples, otrBaseline, nllCoef, labelSmoothingFactor, entropyCoef } = config;
  const parts = [lossType];
  if (lossType === "otr") {
    const candidates = otrEstimator === "exact" ? "all tokens" : `${otrNumSamples} samples`;
    parts.push(`${candidates} at temperature ${config.otrTemperature}`, `beta ${config.otrBeta}`);
    if (otrBaseline !== "none") parts.push(`baseline ${otrBaseline}`);
    if (config.otrImportanceCorrection) parts.push("importance correction");
  }
  if (lossType === "grpo") {
    parts.push(`${config.numGenerations} completions a prompt at temperature ${config.temperature}`);
    parts.push(`rewards ${config.rewardFuncs.join(" + ")}`);
    if (config.beta !== 0) parts.push(`beta ${config.beta}`);
    if (config.numIterations !== 1) parts.push(`${config.numIterations} steps with each`);
  }
  if (lossType === "unlikelihood") parts.push(`coefficient ${config.unlikelihoodCoef}`);
  if (nllCoef !== 0) parts.push(`nll_coef ${nllCoef}`);
  if (labelSmoothingFactor !== 0) parts.push(`label smoothing ${labelSmoothingFactor}`);
  if (entropyCoef !== 0) parts.push(`entropy_coef ${entropyCoef}`);
  return parts.join(", ");
}
