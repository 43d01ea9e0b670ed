import type { DType } from "@one-token/torch";
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import type { Objective } from "../objectives/objective.js";
import type { StatisticSums } from "./training-model.js";

/** Below this share of hits most true tokens are hardly ever sampled, so most of the signal is lost. */
const LOW_HIT_RATE = 0.2;

/**
 * Sentences for the end of a run: what was trained, and what the figures warn of.
 *
 * @param savedDtype of the weights of a model that was written
 */
export function summarizeRun(
  { lossType }: Pick<Objective, "lossType">,
  config: Pick<TrainConfig, "saveDtype">,
  total: Readonly<StatisticSums>,
  steps: number,
  savedDtype: DType | null,
): string[] {
  const count = total.count.toLocaleString("en");
  const lines = [`${counted(steps, "step")}, ${count} supervised tokens.`];
  const hitRate = total.otr_hit_rate / total.count;
  if (lossType === "otr" && hitRate < LOW_HIT_RATE) {
    lines.push(
      `Only ${(100 * hitRate).toFixed(1)} % of the sampled tokens were the true one. A true token whose probability is far ` +
        `below 1/otr_num_samples is never sampled and cannot be learned: add --nll_coef 0.1, or train with ` +
        "--loss_type nll first.",
    );
  }
  if (config.saveDtype !== "auto" && savedDtype !== null && config.saveDtype !== savedDtype) {
    lines.push(
      `The weights were saved in ${savedDtype}, because some are too large for ${config.saveDtype}.`,
    );
  }
  return lines;
}
