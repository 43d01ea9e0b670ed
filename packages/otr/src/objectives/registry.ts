import { trainOptions } from "../config/train-options.js";
import { ConfigError, type Problem } from "../errors.js";
import { dft } from "./dft.js";
import { type GrpoOptions, grpo } from "./grpo.js";
import { type NllOptions, nll } from "./nll.js";
import type { LossType, Objective } from "./objective.js";
import { type OtrOptions, otr } from "./otr.js";
import { type UnlikelihoodOptions, unlikelihood } from "./unlikelihood.js";
import { withNll } from "./with-nll.js";

/** Everything that configures an objective; each reads what concerns it. */
export interface ObjectiveOptions extends NllOptions, UnlikelihoodOptions, OtrOptions, GrpoOptions {
  readonly lossType: LossType;
  /** That multiple of -log pi_y is added to `dft` and `otr`. */
  readonly nllCoef: number;
}

/** The objectives by `loss_type`. To add one is to add a file and a row here. */
const objectives: Record<LossType, (options: ObjectiveOptions) => Objective> = {
  nll,
  dft: (options) => plusNll(dft(), options),
  unlikelihood,
  otr: (options) => plusNll(otr(options), options),
  grpo,
};

/** The names that `loss_type` may have. */
export const lossTypes = Object.keys(objectives) as readonly LossType[];

/** The defaults of `otr train`. */
const defaults: ObjectiveOptions = trainOptions
  .pick({
    lossType: true,
    otrNumSamples: true,
    otrTemperature: true,
    otrBeta: true,
    otrBaseline: true,
    otrEstimator: true,
    otrImportanceCorrection: true,
    valueLossCoef: true,
    nllCoef: true,
    labelSmoothingFactor: true,
    entropyCoef: true,
    unlikelihoodCoef: true,
    temperature: true,
    epsilon: true,
    epsilonHigh: true,
    beta: true,
    useBiasCorrectionKl: true,
  })
  .parse({});

/**
 * The objective that `options` describe; options left out have the defaults of `otr train`.
 *
 * @throws ConfigError for an unknown loss type and for values that no formula is defined for.
 */
export function createObjective(options: Partial<ObjectiveOptions>): Objective {
  const complete = { ...defaults, ...options };
  const problems = findProblems(complete);
  if (problems.length > 0) throw new ConfigError(problems);
  return objectives[complete.lossType](complete);
}

const plusNll = (objective: Objective, { nllCoef }: ObjectiveOptions) =>
  nllCoef === 0 ? objective : withNll(objective, nllCoef);

function findProblems(options: ObjectiveOptions): Problem[] {
  const problems: Problem[] = [];
  const { lossType, otrNumSamples, otrTemperature, labelSmoothingFactor } = options;
  if (!lossTypes.includes(lossType)) {
    return [{ where: "loss_type", message: `${lossType} is unknown; choose one of ${lossTypes.join(", ")}` }];
  }
  if (lossType === "nll" && !(labelSmoothingFactor >= 0 && labelSmoothingFactor <= 1)) {
    problems.push({
      where: "label_smoothing_factor",
      message: `${labelSmoothingFactor} is not a share; use a number from 0 to 1`,
    });
  }
  if (lossType !== "otr") return problems;
  if (!(otrTemperature >= 1e-3 && otrTemperature <= 1000)) {
    problems.push({
      where: "otr_temperature",
      message: `${otrTemperature} gives no exploration policy softmax(z / kappa); use a number from 0.001 to 1000 (1.3 is the paper's)`,
    });
  }
  if (options.otrEstimator === "exact") return problems;
  if (!Number.isSafeInteger(otrNumSamples) || otrNumSamples < 1) {
    problems.push({
      where: "otr_num_samples",
      message: `${otrNumSamples} is not a number of samples; use a whole number of at least 1 (256 is the paper's)`,
    });
  } else if (options.otrBaseline === "rloo" && otrNumSamples < 2) {
    problems.push({
      where: "otr_num_samples",
      message:
        "otr_baseline rloo compares each sample with the others, and 1 sample has no others; use at least 2, or otr_baseline none",
    });
  }
  return problems;
}
