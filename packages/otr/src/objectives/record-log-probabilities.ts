import { aten } from "@one-token/torch";
import { temperedLogProbability } from "./grpo.js";
import type { Objective } from "./objective.js";

/**
 * An objective that trains nothing: it appends log pi_y of each position to `record`, in order, at a temperature. So
 * log-probabilities of an evaluation are computed as those of a training step are, digit for digit.
 */
export function recordLogProbabilities(record: number[], temperature: number): Objective {
  return {
    lossType: "log_probability",
    samples: false,
    rewards: false,
    valueLossCoef: null,
    evaluate({ policy, targets, targetLogProbability }) {
      const logProbability =
        temperature === 1 ? targetLogProbability : temperedLogProbability(policy, targets, temperature);
      for (const value of logProbability.toArray()) record.push(value);
      const none = aten.zeros_like(targetLogProbability);
      return {
        losses: none,
        weights: { total: none, atTarget: null, atSamples: null, dense: null },
        rollout: null,
      };
    },
  };
}
